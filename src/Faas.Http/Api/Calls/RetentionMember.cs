using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// The member <c>retention</c>: <c>{"count": 100, "age": "7d"}</c>, or one of the two. Throws <see cref="ProblemException"/>.
/// </summary>
internal static class RetentionMember
{
    private const string Count = "count", Age = "age";
    private static readonly string s_name = CallMembers.Retention.ToWire();

    /// <summary>Reads it.</summary>
    public static RunRetention Of(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw ProblemException.Malformed(
                $"\"{s_name}\" must be an object with \"{Count}\", \"{Age}\" or both, not {MemberValue.Kind(json.TokenType)}.");
        }

        var retention = new RunRetention();
        while (MemberValue.Next(ref json, CallMembers.Retention) is { } name)
        {
            retention = name switch
            {
                Count when retention.Count is null => retention with { Count = CountOf(ref json) },
                Age when retention.Age is null => retention with { Age = AgeOf(ref json) },
                Count or Age => throw ProblemException.Malformed($"\"{s_name}\" has \"{name}\" twice."),
                _ => throw ProblemException.Malformed(
                    $"\"{s_name}\" has {MemberValue.Quoted(name)}; allowed are \"{Count}\" and \"{Age}\"."),
            };
        }

        return RunRetention.Check(retention) is { } wrong ? throw ProblemException.Malformed($"\"{s_name}\" {wrong}.") : retention;
    }

    private static int CountOf(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var count)
        ? count
        : throw ProblemException.Malformed(
            $"\"{s_name}.{Count}\" is {MemberValue.Shown(ref json)}; allowed are whole numbers from 1 to {RunRetention.MostCount}.");

    private static TimeSpan AgeOf(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number)
        {
            return TimeSpan.FromSeconds(Math.Clamp(MemberValue.Number(ref json, CallMembers.Retention), 0, 1e9));
        }

        return json.TokenType == JsonTokenType.String
            && RunRetention.TryParseAge(MemberValue.Text(ref json, CallMembers.Retention), out var age)
            ? age
            : throw ProblemException.Malformed(
                $"\"{s_name}.{Age}\" is {MemberValue.Shown(ref json)}; allowed are a number of seconds, or a text with a unit "
                + $"({RunRetention.Units}).");
    }
}
