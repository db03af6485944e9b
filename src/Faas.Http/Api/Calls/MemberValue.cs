using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>Reads a member's value as the type that it must have; the error names the member and the type that was sent.</summary>
public static class MemberValue
{
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

        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ProblemException.Malformed($"\"{member.ToWire()}\" contains half of a surrogate pair.");
        }
    }

    /// <summary>An integer from 1 on; throws <see cref="ProblemException"/>.</summary>
    public static int Count(ref Utf8JsonReader json, CallMembers member) =>
        json.TokenType != JsonTokenType.Number
            ? throw ProblemException.Malformed($"\"{member.ToWire()}\" must be a number, not {Kind(json.TokenType)}.")
            : json.TryGetInt32(out var count) && count >= 1
                ? count
                : throw ProblemException.Malformed(
                    $"\"{member.ToWire()}\" is {Encoding.UTF8.GetString(json.ValueSpan)}; allowed are whole numbers from 1 on.");

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
