using Faas.Bench.Load;

namespace Faas.Bench.Launches;

/// <summary>Starts of one kind of sandbox, each beside one of plain bubblewrap.</summary>
/// <param name="Kind">What was started.</param>
/// <param name="IsFork">It is the fork of a mother.</param>
/// <param name="Start">Until it is there.</param>
/// <param name="Whole">Until all of it is cleared away again.</param>
internal sealed record LaunchTimes(string Kind, bool IsFork, PairedTimes Start, PairedTimes Whole);

/// <summary>Medians of two kinds of sandbox that took turns.</summary>
/// <param name="Pairs">How many of each.</param>
/// <param name="Plain">Of plain bubblewrap.</param>
/// <param name="Ours">Of the other kind.</param>
/// <param name="Overhead">Of the difference between the two of a pair.</param>
internal sealed record PairedTimes(int Pairs, TimeSpan Plain, TimeSpan Ours, TimeSpan Overhead)
{
    public static PairedTimes Of(IReadOnlyList<(TimeSpan Plain, TimeSpan Ours)> pairs) => new(
        pairs.Count,
        Durations.MedianOf(pairs.Select(pair => pair.Plain)),
        Durations.MedianOf(pairs.Select(pair => pair.Ours)),
        Durations.MedianOf(pairs.Select(pair => pair.Ours - pair.Plain)));
}
