using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// The member <c>retry</c>: <c>{"attempts": 3, "on": ["timeout"], "delay": "1s", "maxDelay": "5m"}</c>. Throws
/// <see cref="ProblemException"/>, which names what is wrong and what is allowed.
/// </summary>
internal static class RetryMember
{
    private const string Attempts = "attempts", On = "on", Delay = "delay", MaxDelay = "maxDelay";
    private static readonly string s_name = CallMembers.Retry.ToWire();

    /// <summary>Reads it.</summary>
    public static RetryPolicy Of(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw ProblemException.Malformed(
                $"\"{s_name}\" must be an object with \"{Attempts}\", not {MemberValue.Kind(json.TokenType)}.");
        }

        var (policy, seen) = (new RetryPolicy(0), new HashSet<string>(StringComparer.Ordinal));
        while (MemberValue.Next(ref json, CallMembers.Retry) is { } name)
        {
            if (!seen.Add(name))
            {
                throw ProblemException.Malformed($"\"{s_name}\" has {MemberValue.Quoted(name)} twice.");
            }

            policy = name switch
            {
                Attempts => policy with { Attempts = CountOf(ref json) },
                On => policy with { On = ReasonsOf(ref json) },
                Delay => policy with { Delay = MemberValue.Duration(ref json, CallMembers.Retry, Delay) },
                MaxDelay => policy with { MaxDelay = MemberValue.Duration(ref json, CallMembers.Retry, MaxDelay) },
                _ => throw ProblemException.Malformed(
                    $"\"{s_name}\" has {MemberValue.Quoted(name)}; allowed are {Attempts}, {On}, {Delay}, {MaxDelay}."),
            };
        }

        return !seen.Contains(Attempts) ? throw ProblemException.Malformed($"\"{s_name}\" lacks \"{Attempts}\".")
            : RetryPolicy.Check(policy) is { } wrong ? throw ProblemException.Malformed($"\"{s_name}\" {wrong}.")
            : policy;
    }

    private static int CountOf(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var count)
            ? count
            : throw ProblemException.Malformed(
                $"\"{s_name}.{Attempts}\" must be a whole number from {RetryPolicy.FewestAttempts} to {RetryPolicy.MostAttempts}.");

    private static RetryReasons ReasonsOf(ref Utf8JsonReader json) =>
        RetryReasons.Of(MemberValue.List(ref json, CallMembers.Retry, On).Select(ReasonOf))
        ?? throw ProblemException.Malformed($"\"{s_name}.{On}\" is empty; allowed are {WireNames.Allowed<RetryReason>()}.");

    private static RetryReason ReasonOf(string name) => WireNames.TryParse<RetryReason>(name, out var reason)
        ? reason
        : throw ProblemException.Malformed(
            $"\"{s_name}.{On}\" has {MemberValue.Quoted(name)}; allowed are {WireNames.Allowed<RetryReason>()}.");
}
