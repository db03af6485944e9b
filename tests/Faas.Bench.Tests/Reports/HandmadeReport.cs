using Faas.Actors.Scripts;
using Faas.Bench.Launches;
using Faas.Bench.Load;
using Faas.Bench.Reports;
using Faas.Bench.Rounds;
using Faas.Bench.Tests.Rounds;
using Faas.Bench.Warm;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;

namespace Faas.Bench.Tests.Reports;

/// <summary>What a run might have measured.</summary>
internal static class HandmadeReport
{
    public static Conditions Conditions { get; } =
        new("abc1234", "2 × Thinker", "6.1", 8L << 30, "0.10, 0.20, 0.30", new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero))
        {
            Took = TimeSpan.FromSeconds(61),
            LoadAfter = "2.00, 1.00, 0.50",
        };

    public static BenchReport Of(params IReadOnlyList<Cell> cells) => new(
        Conditions,
        Launch: "fork",
        LeftOut: ["Isolation `shared` is left out: the server does not know it."],
        cells,
        Floods: [],
        Launches: [Started("by exec, echo", isFork: false, 9.5), Started("by fork, node", isFork: true, 4)],
        new WarmTimes(
            1000,
            998,
            2,
            [new WarmLanguage(Language.Python, 3 << 20, Milliseconds(14), Milliseconds(15), Milliseconds(2))],
            4L << 30,
            TimeSpan.FromSeconds(1.5)),
        Limits: null,
        Starts: [new StartTimes(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(510), TimeSpan.FromMilliseconds(700))],
        Idle: [("faas", 100 << 20), ("node", 40 << 20)]);

    /// <summary>A hello in JavaScript whose calls all took so long.</summary>
    public static Cell Hello(string way, int callers, double milliseconds, double perSecond)
    {
        var cell = new Cell(way, Cases.HelloIn(Language.JavaScript), callers);
        cell.AddClosed(Slices.Of((int)perSecond, 1, milliseconds), TimeSpan.FromSeconds(1));
        return cell;
    }

    /// <summary>A slice in which nothing but errors came.</summary>
    public static Slice Failure(string why) => new(new Durations(), TimeSpan.FromSeconds(1), 1, why);

    // Plain bubblewrap always took 7 ms.
    private static LaunchTimes Started(string kind, bool isFork, double milliseconds)
    {
        var times = PairedTimes.Of([(Milliseconds(7), Milliseconds(milliseconds))]);
        return new LaunchTimes(kind, isFork, times, times);
    }

    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
