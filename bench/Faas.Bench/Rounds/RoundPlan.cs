namespace Faas.Bench.Rounds;

/// <summary>How long each thing is measured.</summary>
/// <param name="Rounds">How often each way has its turn.</param>
/// <param name="WarmUp">Load that is not counted, once, before the first round.</param>
/// <param name="Closed">One turn of the closed loop.</param>
/// <param name="Open">One turn of the open loop; zero: none.</param>
/// <param name="IsOpenForAll">Whether all ways have turns of the open loop; else those with spares alone, which are the faster for it.</param>
/// <param name="MostSlow">Callers of a slow way at most: those that keep the processors busy, where there is no time for more.</param>
/// <param name="Budget">After so long no further round begins, but the first of each loop always does: on a busy machine a run has fewer samples, and still an end.</param>
internal sealed record RoundPlan(int Rounds, TimeSpan WarmUp, TimeSpan Closed, TimeSpan Open, bool IsOpenForAll, int MostSlow, TimeSpan Budget)
{
    /// <summary>Share of its own closed loop's calls a second at which a way is called in the open loop.</summary>
    public const double OpenShare = 0.5;

    /// <summary>Whether a way has its turn in a round, from 0: a slow one in every other.</summary>
    public static bool TakesPart(bool isSlow, int round) => !isSlow || round % 2 == 0;
}
