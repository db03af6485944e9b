using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Kept;

/// <summary>
/// Decides whether a kept run that has ended is started again, and when. Pure.
/// <para>
/// Theory of operation. The longest delay doubles with each attempt, up to a limit (exponential back-off), and the delay is drawn evenly
/// between nothing and that (full jitter), so that runs which have failed together do not come back together.
/// Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
/// </para>
/// </summary>
public static class RetryRule
{
    /// <summary>How long the run waits before it is started again; null: it is not.</summary>
    /// <param name="policy">That of its version when it was accepted; null: there is none.</param>
    /// <param name="reason">How it has ended, by the wire name.</param>
    /// <param name="attempt">How often it was started: from 1.</param>
    /// <param name="random">A random number from 0 on, below 1.</param>
    public static TimeSpan? Decide(RetryPolicy? policy, string reason, int attempt, double random) =>
        policy is not null
        && attempt < policy.Attempts
        && WireNames.TryParse<RetryReason>(reason, out var failure)
        && policy.Includes(failure)
            ? LongestDelay(policy, attempt) * random
            : null;

    private static TimeSpan LongestDelay(RetryPolicy policy, int attempt)
    {
        var grown = policy.FirstDelay * Math.Pow(2, attempt - 1);
        return grown < policy.HighestDelay ? grown : policy.HighestDelay;
    }
}
