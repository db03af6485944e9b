namespace Faas.Actors.Callbacks;

/// <summary>
/// How long a callback waits between its attempts: three times as long after each attempt as after the one before, up to the longest delay.
/// A random part, up to a half, is left out, so that callbacks that failed together do not come together again. Pure.
/// </summary>
public static class CallbackDelays
{
    private const double Factor = 3;

    /// <summary>How long until the next attempt.</summary>
    /// <param name="options">The first and the longest delay.</param>
    /// <param name="attempt">The number of the attempt that has failed, from 1 on.</param>
    /// <param name="asked">How long the receiver asks to wait (Retry-After); null: it does not ask.</param>
    /// <param name="random">From 0 to 1, 1 excluded.</param>
    public static TimeSpan After(CallbackOptions options, int attempt, TimeSpan? asked, double random)
    {
        var longest = options.LongestDelay;
        var whole = Math.Min(options.FirstDelay.TotalSeconds * Math.Pow(Factor, attempt - 1), longest.TotalSeconds);
        var delay = TimeSpan.FromSeconds(whole * (1 - (random / 2)));
        return asked is not { } patience || patience <= delay ? delay
            : patience < longest ? patience
            : longest;
    }
}
