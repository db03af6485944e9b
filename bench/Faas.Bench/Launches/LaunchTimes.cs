using Faas.Bench.Load;

namespace Faas.Bench.Launches;

/// <summary>Sandboxes that print a word and end, in plain bubblewrap and by the server's launch line, its cgroup included.</summary>
/// <param name="Pairs">How many of each.</param>
/// <param name="Start">Until the word is there.</param>
/// <param name="Whole">Until all of it is cleared away again.</param>
internal sealed record LaunchTimes(int Pairs, PairedTimes Start, PairedTimes Whole);

/// <summary>Medians of two kinds of sandbox that took turns.</summary>
/// <param name="Plain">Of plain bubblewrap.</param>
/// <param name="Hardened">Of the server's launch line.</param>
/// <param name="Overhead">Of the difference between the two of a pair.</param>
internal sealed record PairedTimes(TimeSpan Plain, TimeSpan Hardened, TimeSpan Overhead)
{
    public static PairedTimes Of(IReadOnlyList<(TimeSpan Plain, TimeSpan Hardened)> pairs) => new(
        Durations.MedianOf(pairs.Select(pair => pair.Plain)),
        Durations.MedianOf(pairs.Select(pair => pair.Hardened)),
        Durations.MedianOf(pairs.Select(pair => pair.Hardened - pair.Plain)));
}
