using Faas.Actors.Scripts;
using Faas.Bench.Workloads;

namespace Faas.Bench.Rounds;

/// <summary>One function by so many callers, and for how long.</summary>
internal sealed record GroupOf(Workload Workload, int Callers, RoundPlan Plan);

/// <summary>All that a run measures, in order.</summary>
/// <param name="LaunchPairs">Starts of each kind of sandbox.</param>
/// <param name="Settling">How long the servers are left alone before their memory is looked at.</param>
/// <param name="FloorZygotes">The most zygotes at once of the floor.</param>
/// <param name="ManyWarming">How long many scripts of a language are called before their first turn.</param>
/// <param name="Groups">The ways side by side.</param>
/// <param name="Floods">Streams to one client.</param>
/// <param name="Uploads">Uploads side by side.</param>
internal sealed record Schedule(
    int LaunchPairs,
    TimeSpan Settling,
    int FloorZygotes,
    TimeSpan ManyWarming,
    IReadOnlyList<GroupOf> Groups,
    IReadOnlyList<GroupOf> Floods,
    IReadOnlyList<GroupOf> Uploads)
{
    /// <summary>Callers at once that upload.</summary>
    public const int Uploaders = 6;

    // TypeScript differs from JavaScript by its compilation alone, which hello and uploads show.
    private static readonly Language[] s_runtimes = [Language.JavaScript, Language.Python];

    /// <summary>Every table, in under ten minutes.</summary>
    public static Schedule Full { get; } = new(
        60,
        TimeSpan.FromSeconds(2),
        8,
        TimeSpan.FromSeconds(4),
        [
            .. from language in Cases.Languages
               from callers in (int[])[1, 2, 8]
               select new GroupOf(
                   Cases.HelloIn(language), callers, RoundPlan.OfMilliseconds(3, 500, 400, callers == 2 ? 0 : 400, 20_000)),
            .. from language in s_runtimes
               select new GroupOf(Cases.HelloIn(language), 64, RoundPlan.OfMilliseconds(2, 500, 400, 0, 8_000)),
            .. from language in s_runtimes
               from workload in Cases.AllIn(language).Skip(1)
               from callers in (int[])[1, 8]
               select new GroupOf(workload, callers, RoundPlan.OfMilliseconds(2, 300, 300, 0, 8_000)),
        ],
        FloodsBy(640, RoundPlan.OfMilliseconds(3, 0, 0, 0, 6_000)),
        [.. from language in Cases.Languages select UploadsIn(language, RoundPlan.OfMilliseconds(3, 500, 600, 0, 8_000))]);

    /// <summary>What the ratios need, in less than a minute.</summary>
    public static Schedule Quick { get; } = new(
        12,
        TimeSpan.Zero,
        2 * Environment.ProcessorCount,
        TimeSpan.FromSeconds(1),
        [
            .. from language in Cases.Languages
               from callers in (int[])[1, 8]
               select new GroupOf(Cases.HelloIn(language), callers, RoundPlan.OfMilliseconds(1, 200, 250, callers == 1 ? 200 : 0, 5_000)),
        ],
        FloodsBy(320, RoundPlan.OfMilliseconds(1, 0, 0, 0, 2_000)),
        [UploadsIn(Language.JavaScript, RoundPlan.OfMilliseconds(1, 200, 500, 0, 2_000))]);

    private static GroupOf[] FloodsBy(int longLines, RoundPlan plan) =>
    [
        .. from language in s_runtimes
           from workload in (Workload[])[Cases.Flood(language, Cases.LongLine, longLines), Cases.Flood(language, Cases.ShortLine, 200_000)]
           select new GroupOf(workload, 1, plan),
    ];

    private static GroupOf UploadsIn(Language language, RoundPlan plan) =>
        new(Cases.HelloIn(language) with { Case = Cases.Upload }, Uploaders, plan);
}
