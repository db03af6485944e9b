using System.Net;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;

namespace Faas.Actors.Callbacks;

/// <summary>
/// What follows from an attempt. 2xx: the receiver has the callback. 410: it wants none, so it is dead at once. Anything else, a redirect
/// among it: it is sent again later, unless that was the last attempt. Pure but for the random part of a delay.
/// </summary>
public static class CallbackVerdict
{
    /// <summary>The most characters that are kept of an error.</summary>
    public const int MostErrorCharacters = 300;

    /// <summary>Judges one.</summary>
    /// <param name="options">How often and how late.</param>
    /// <param name="attempt">Its number, from 1 on.</param>
    /// <param name="answer">What came of it.</param>
    /// <param name="retryAfter">How long the receiver asks to wait; null: it does not ask.</param>
    public static CallbackNote Of(CallbackOptions options, int attempt, CallbackAnswer answer, TimeSpan? retryAfter) =>
        answer.Status is >= 200 and < 300 ? new CallbackNote(CallbackState.Delivered, answer, TimeSpan.Zero)
        : answer.Status == (int)HttpStatusCode.Gone || attempt >= options.Attempts
            ? new CallbackNote(CallbackState.Dead, answer, TimeSpan.Zero)
        : new CallbackNote(
            CallbackState.Pending, answer, CallbackDelays.After(options, attempt, retryAfter, Random.Shared.NextDouble()));
}
