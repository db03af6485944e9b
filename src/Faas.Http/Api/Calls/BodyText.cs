using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>What all bodies of calls in JSON have in common. Each method throws <see cref="ProblemException"/>.</summary>
internal static class BodyText
{
    /// <summary>The reader keeps one bit a level; what an input may nest is checked where it is taken.</summary>
    public static JsonReaderOptions AnyDepth { get; } = new() { MaxDepth = int.MaxValue };

    /// <summary>The text without a byte order mark in front; it is UTF-8.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> body)
    {
        var text = body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
        return Utf8.IsValid(text) ? text : throw ProblemException.Malformed("The body is not valid UTF-8.");
    }

    /// <summary>The same of a body that is to be a JSON object.</summary>
    public static ReadOnlySpan<byte> OfObject(ReadOnlySpan<byte> body) => Of(body) is { IsEmpty: false } text
        ? text
        : throw ProblemException.Malformed("The body is empty; it must be a JSON object.");

    /// <summary>Goes to the beginning of the object that a body is.</summary>
    public static void Begin(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw ProblemException.Malformed($"The body must be a JSON object, not {MemberValue.Kind(json.TokenType)}.");
        }
    }

    /// <summary>
    /// The name of a member; null: it is longer, or no Unicode. Our names are short; a stranger's may be as long as the body, and need not
    /// be text at all.
    /// </summary>
    /// <param name="json">Stands at it.</param>
    /// <param name="longest">The most bytes of a name, as it is escaped.</param>
    public static string? NameOf(ref Utf8JsonReader json, int longest)
    {
        try
        {
            return json.ValueSpan.Length > longest ? null : json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Where a body is no JSON.</summary>
    public static ProblemException Wrong(JsonException wrong) => ProblemException.Malformed(
        $"The body is not valid JSON at line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}.");
}
