using System.Text;
using System.Text.Json;
using Faas.Actors.Configuration;
using Faas.Actors.Json;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>Reads a member's value as the type that it must have; the error names the member and the type that was sent.</summary>
public static class MemberValue
{
    private const int ShownLetters = 40;
    private const double MostSeconds = 1e9;

    /// <summary>A boolean; throws <see cref="ProblemException"/>.</summary>
    public static bool Flag(ref Utf8JsonReader json, CallMembers member) => json.TokenType is JsonTokenType.True or JsonTokenType.False
        ? json.GetBoolean()
        : throw ProblemException.Malformed($"\"{member.ToWire()}\" must be true or false, not {Kind(json.TokenType)}.");

    /// <summary>A string; throws <see cref="ProblemException"/>, also for one that is not Unicode.</summary>
    public static string Text(ref Utf8JsonReader json, CallMembers member)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            throw ProblemException.Malformed($"\"{member.ToWire()}\" must be a string, not {Kind(json.TokenType)}.");
        }

        return Unescaped(ref json, member);
    }

    /// <summary>
    /// Goes on to the next member of an object within this one: its name, and the reader stands at its value; null: there is none. Throws
    /// <see cref="ProblemException"/> for a name that is not Unicode.
    /// </summary>
    public static string? Next(ref Utf8JsonReader json, CallMembers member)
    {
        if (!json.Read() || json.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        var name = Unescaped(ref json, member);
        json.Read();
        return name;
    }

    /// <summary>A duration: a number of seconds, or a text with a unit; throws <see cref="ProblemException"/>.</summary>
    /// <param name="json">Stands at it.</param>
    /// <param name="member">The member of the body that has it.</param>
    /// <param name="inner">The member of <paramref name="member"/> that has it; null: it is the value of <paramref name="member"/>.</param>
    public static TimeSpan Duration(ref Utf8JsonReader json, CallMembers member, string? inner = null)
    {
        var name = inner is null ? member.ToWire() : $"{member.ToWire()}.{inner}";
        if (json.TokenType == JsonTokenType.Number)
        {
            // A number that no TimeSpan can hold is none that a limit allows.
            return json.TryGetDouble(out var seconds) ? TimeSpan.FromSeconds(Math.Clamp(seconds, -1, MostSeconds)) : TimeSpan.MinValue;
        }

        if (json.TokenType != JsonTokenType.String)
        {
            throw ProblemException.Malformed(
                $"\"{name}\" must be a number of seconds, or a text with a unit (ms, s, m, h), not {Kind(json.TokenType)}.");
        }

        var text = Text(ref json, member);
        return DurationText.TryParse(text, out var duration)
            ? duration
            : throw ProblemException.Malformed(
                $"\"{name}\" is {Quoted(text)}; allowed are a number of seconds, or a text with a unit (ms, s, m, h).");
    }

    /// <summary>A size in bytes: a number, or a text with a unit; throws <see cref="ProblemException"/>.</summary>
    public static double Size(ref Utf8JsonReader json, CallMembers member)
    {
        if (json.TokenType == JsonTokenType.Number)
        {
            return Number(ref json, member);
        }

        if (json.TokenType != JsonTokenType.String)
        {
            throw ProblemException.Malformed(
                $"\"{member.ToWire()}\" must be a number of bytes, or a text with a unit (k, M, G), not {Kind(json.TokenType)}.");
        }

        var text = Text(ref json, member);
        return SizeText.TryParse(text, out var bytes)
            ? bytes
            : throw ProblemException.Malformed(
                $"\"{member.ToWire()}\" is {Quoted(text)}; allowed are a number of bytes, or a text with a unit (k, M, G).");
    }

    /// <summary>A number; throws <see cref="ProblemException"/>. One that is too large to be held is infinite.</summary>
    public static double Number(ref Utf8JsonReader json, CallMembers member) => json.TokenType == JsonTokenType.Number
        ? json.TryGetDouble(out var number) ? number : double.PositiveInfinity
        : throw ProblemException.Malformed($"\"{member.ToWire()}\" must be a number, not {Kind(json.TokenType)}.");

    /// <summary>An object of strings, by their names; throws <see cref="ProblemException"/>.</summary>
    public static IReadOnlyDictionary<string, string> Texts(ref Utf8JsonReader json, CallMembers member)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw ProblemException.Malformed($"\"{member.ToWire()}\" must be an object of strings, not {Kind(json.TokenType)}.");
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (Next(ref json, member) is { } name)
        {
            if (json.TokenType != JsonTokenType.String)
            {
                throw ProblemException.Malformed(
                    $"\"{member.ToWire()}\" must be an object of strings; {Quoted(name)} is {Kind(json.TokenType)}.");
            }

            if (!texts.TryAdd(name, Unescaped(ref json, member)))
            {
                throw ProblemException.Malformed($"\"{member.ToWire()}\" has {Quoted(name)} twice.");
            }
        }

        return texts;
    }

    /// <summary>An array of strings; throws <see cref="ProblemException"/>.</summary>
    /// <param name="json">Stands at its beginning.</param>
    /// <param name="member">The member of the body that has it.</param>
    /// <param name="inner">The member of <paramref name="member"/> that has it; null: it is the value of <paramref name="member"/>.</param>
    public static IReadOnlyList<string> List(ref Utf8JsonReader json, CallMembers member, string? inner = null)
    {
        var name = Quoted(inner is null ? member.ToWire() : $"{member.ToWire()}.{inner}");
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw ProblemException.Malformed($"{name} must be an array of strings, not {Kind(json.TokenType)}.");
        }

        var texts = new List<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(json.TokenType == JsonTokenType.String
                ? Unescaped(ref json, member)
                : throw ProblemException.Malformed(
                    $"{name} must be an array of strings; item {texts.Count + 1} is {Kind(json.TokenType)}."));
        }

        return texts;
    }

    /// <summary>The number or string that the reader stands at, as it was sent; the beginning of a long one.</summary>
    public static string Shown(ref Utf8JsonReader json)
    {
        var text = Encoding.UTF8.GetString(json.ValueSpan);
        return json.TokenType == JsonTokenType.String ? Quoted(text) : text.Length <= ShownLetters ? text : $"{text[..ShownLetters]}…";
    }

    /// <summary>A text for a person; the beginning of a long one.</summary>
    public static string Quoted(string text) => text.Length <= ShownLetters ? $"\"{text}\"" : $"\"{text[..ShownLetters]}…\"";

    /// <summary>An integer from 1, or another number, on; throws <see cref="ProblemException"/>.</summary>
    public static int Count(ref Utf8JsonReader json, CallMembers member, int least = 1) =>
        json.TokenType != JsonTokenType.Number
            ? throw ProblemException.Malformed($"\"{member.ToWire()}\" must be a number, not {Kind(json.TokenType)}.")
            : json.TryGetInt32(out var count) && count >= least
                ? count
                : throw ProblemException.Malformed(
                    $"\"{member.ToWire()}\" is {Encoding.UTF8.GetString(json.ValueSpan)}; allowed are whole numbers from {least} on.");

    /// <summary>Throws <see cref="ProblemException"/> for an input that is a string and is not Unicode.</summary>
    /// <param name="input">One JSON value, without space around it.</param>
    /// <param name="what">What it is, as the beginning of a sentence.</param>
    public static void CheckInput(ReadOnlySpan<byte> input, string what)
    {
        if (input is not [(byte)'"', ..])
        {
            return;
        }

        var json = new Utf8JsonReader(input);
        json.Read();
        if (TextOrNull(ref json) is null)
        {
            throw HalfPair(what);
        }
    }

    /// <summary>A text is not Unicode.</summary>
    /// <param name="what">What has it, as the beginning of a sentence.</param>
    public static ProblemException HalfPair(string what) => ProblemException.Malformed($"{what} contains half of a surrogate pair.");

    private static string Unescaped(ref Utf8JsonReader json, CallMembers member) =>
        TextOrNull(ref json) ?? throw HalfPair($"\"{member.ToWire()}\"");

    // Null: it is not Unicode.
    private static string? TextOrNull(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What a value is, for a person.</summary>
    public static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };
}
