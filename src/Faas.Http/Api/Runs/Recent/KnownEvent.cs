using System.Globalization;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Scripts;
using Faas.Http.Wire.Events;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>
/// The last event that a returning client has seen: <c>Last-Event-ID</c>, or <c>?after=</c> where there is no such header.
/// </summary>
internal static class KnownEvent
{
    /// <summary>Its number; null: the client knows none. Throws <see cref="ProblemException"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ofWhat">What tells the events: a run, or a batch.</param>
    public static long? Of(HttpRequest request, string ofWhat) =>
        request.Headers.TryGetValue(Reconnection.LastEventId, out var header) ? NumberOf(Reconnection.LastEventId, $"{header}", ofWhat)
        : PageOfList.One(request.Query, RunParameters.EventsAfterName) is { } after
            ? NumberOf(RunParameters.EventsAfterName, after, ofWhat)
        : null;

    private static long NumberOf(string name, string text, string ofWhat) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue
            ? number
            : throw ProblemException.Malformed(
                $"\"{name}\" is {UnknownName.Quoted(text)}; allowed is the id of an event of this {ofWhat}, a whole number from 0.");
}
