using System.Globalization;
using System.Text.Json;
using Faas.Actors.Runs.Kept;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>Reads what a call says about an asynchronous run; throws <see cref="ProblemException"/>.</summary>
internal static class AsyncMember
{
    private static readonly TimeSpan s_furthest = TimeSpan.FromDays(366);

    /// <summary>1 to 9.</summary>
    public static int Priority(ref Utf8JsonReader json)
    {
        var priority = MemberValue.Number(ref json, CallMembers.Priority);
        return priority is >= KeptCall.LeastPriority and <= KeptCall.HighestPriority && double.IsInteger(priority)
            ? (int)priority
            : throw ProblemException.Malformed(
                $"\"priority\" is {MemberValue.Shown(ref json)}; allowed are whole numbers from {KeptCall.LeastPriority} to "
                + $"{KeptCall.HighestPriority}.");
    }

    /// <summary>A time with its offset, as RFC 3339 writes it, up to a year from now.</summary>
    public static DateTimeOffset NotBefore(ref Utf8JsonReader json)
    {
        var text = MemberValue.Text(ref json, CallMembers.NotBefore);
        return text.Length >= "2026-02-08T07:33:21Z".Length
            && (text[^1] == 'Z' || text[^6] is '+' or '-')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && time - DateTimeOffset.UtcNow <= s_furthest
            ? time
            : throw ProblemException.Malformed(
                $"\"notBefore\" is {MemberValue.Quoted(text)}; allowed is a time of the next {s_furthest.Days} days, or one that has "
                + "passed, such as 2026-02-08T07:33:21Z.");
    }
}
