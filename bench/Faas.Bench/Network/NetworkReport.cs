using Faas.Bench.Reports;

namespace Faas.Bench.Network;

/// <summary>What one client has measured.</summary>
/// <param name="MegabytesPerSecond">A large download.</param>
/// <param name="RequestMilliseconds">A request of one byte on an open connection: the median.</param>
/// <param name="ConnectionMilliseconds">A connection with one such request: the median.</param>
internal sealed record NetworkFigures(double MegabytesPerSecond, double RequestMilliseconds, double ConnectionMilliseconds)
{
    /// <summary>The median of each figure.</summary>
    public static NetworkFigures MedianOf(IReadOnlyList<NetworkFigures> rounds) => new(
        Median(rounds, round => round.MegabytesPerSecond),
        Median(rounds, round => round.RequestMilliseconds),
        Median(rounds, round => round.ConnectionMilliseconds));

    private static double Median(IReadOnlyList<NetworkFigures> rounds, Func<NetworkFigures, double> figure) =>
        rounds.Select(figure).Order().ElementAt(rounds.Count / 2);
}

/// <summary>All that one run has measured: the rounds of both clients, which take turns.</summary>
internal sealed record NetworkReport(Conditions Conditions, IReadOnlyList<NetworkFigures> Proxied, IReadOnlyList<NetworkFigures> Straight)
{
    private const double LeastMegabytes = 200;
    private const double MostMilliseconds = 1;

    /// <summary>The targets of issue 17 beside what was measured.</summary>
    public IReadOnlyList<Ratio> Ratios
    {
        get
        {
            var (proxied, straight) = (NetworkFigures.MedianOf(Proxied), NetworkFigures.MedianOf(Straight));
            return
            [
                new Comparison(
                    "download by the proxy, in one run",
                    proxied.MegabytesPerSecond,
                    " MB/s",
                    straight.MegabytesPerSecond,
                    $"{Figures.Three(straight.MegabytesPerSecond)} MB/s, straight",
                    LessIsBetter: false, Limit: LeastMegabytes).Judge(),
                Added("a request of one byte", proxied.RequestMilliseconds, straight.RequestMilliseconds),
                Added("a connection with one", proxied.ConnectionMilliseconds, straight.ConnectionMilliseconds),
            ];
        }
    }

    /// <summary>The report as Markdown.</summary>
    public string ToMarkdown() =>
        $"# The network: {Conditions.Begun:yyyy-MM-dd}\n\nWhat each line means: [docs/benchmarks.md](../../docs/benchmarks.md).\n\n"
        + $"{Conditions}\n{Ratio.TableOf(Ratios)}";

    private static Ratio Added(string what, double proxied, double straight) => new Comparison(
        $"{what}: added by the proxy",
        proxied - straight,
        " ms",
        Theirs: null,
        $"{Figures.Three(proxied)} ms, {Figures.Three(straight)} ms straight",
        LessIsBetter: true, Limit: MostMilliseconds).Judge();
}
