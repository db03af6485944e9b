namespace Faas.Bench.Rounds;

/// <summary>How long each thing is measured.</summary>
/// <param name="Rounds">How often each way has its turn.</param>
/// <param name="WarmUp">Load that is not counted, once, before the first round.</param>
/// <param name="Closed">One turn of the closed loop.</param>
/// <param name="Open">One turn of the open loop; zero: none.</param>
/// <param name="Budget">
/// After so long no further round begins, but the first of each loop always does: on a busy machine a run has fewer
/// samples, and still an end.
/// </param>
internal sealed record RoundPlan(int Rounds, TimeSpan WarmUp, TimeSpan Closed, TimeSpan Open, TimeSpan Budget)
{
    /// <summary>Share of its own closed loop's calls a second at which a way is called in the open loop.</summary>
    public const double OpenShare = 0.5;

    /// <summary>The same by milliseconds.</summary>
    public static RoundPlan OfMilliseconds(int rounds, int warmUp, int closed, int open, int budget) => new(
        rounds,
        TimeSpan.FromMilliseconds(warmUp),
        TimeSpan.FromMilliseconds(closed),
        TimeSpan.FromMilliseconds(open),
        TimeSpan.FromMilliseconds(budget));

    /// <summary>With a single round there is no time for what does not change a ratio.</summary>
    public bool IsShort => Rounds == 1;

    /// <summary>Whether a way has turns of the open loop: in a short run those with spares alone, which are the faster for it.</summary>
    public bool HasOpenTurns(bool hasSpares) => Open > TimeSpan.Zero && (hasSpares || !IsShort);

    /// <summary>How many of the callers a way has: in a short run a slow one has no more than keep the processors busy.</summary>
    public int CallersOf(bool isSlow, int callers) => isSlow && IsShort ? Math.Min(callers, Environment.ProcessorCount) : callers;

    /// <summary>Whether a way has its turn in a round, from 0: a slow one in every other.</summary>
    public static bool TakesPart(bool isSlow, int round) => !isSlow || round % 2 == 0;
}
