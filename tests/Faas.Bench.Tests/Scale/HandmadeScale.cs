using Faas.Bench.Scale;
using Faas.Bench.Tests.Reports;
using Faas.Bench.Ways;

namespace Faas.Bench.Tests.Scale;

/// <summary>What a run at scale might have measured; every target is met.</summary>
internal static class HandmadeScale
{
    public static ScaleReport Report { get; } = new(
        HandmadeReport.Conditions,
        new Filling(10_000, 100, TimeSpan.FromSeconds(30), 900L << 20),
        new ListTimes(10_000, TimeSpan.FromMilliseconds(50), 1000, TimeSpan.FromMilliseconds(5)),
        Starts: (Ready(900), Ready(500)),
        Calls: [Runs(1.1, 1)],
        Recoveries: [Of(1, 20), Of(10_000, 30, 99, 110)],
        new Waiting(1000, 100_000_000, 110_000_000, 990, 10, TimeSpan.FromSeconds(2)));

    public static SideBySide Runs(double filled, double empty) =>
        new("a stored script runs", HandmadeReport.Hello("filled", 1, filled, 100), HandmadeReport.Hello("empty", 1, empty, 100));

    public static Recovery Of(int versions, params double[] milliseconds) =>
        new(versions, [.. milliseconds.Select(TimeSpan.FromMilliseconds)]);

    private static StartTimes Ready(int milliseconds) => new(TimeSpan.Zero, TimeSpan.FromMilliseconds(milliseconds), TimeSpan.Zero);
}
