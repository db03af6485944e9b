using Faas.Actors.Scripts;
using Faas.Bench.Workloads;

namespace Faas.Bench.Rounds;

/// <summary>One function by so many callers, and for how long.</summary>
internal sealed record GroupOf(Workload Workload, int Callers, RoundPlan Plan);

/// <summary>All that a run measures, in order.</summary>
/// <param name="LaunchPairs">Pairs of sandbox starts.</param>
/// <param name="Settling">How long the servers are left alone before their memory is looked at.</param>
/// <param name="FloorZygotes">The most zygotes at once of the floor.</param>
/// <param name="Groups">The ways side by side.</param>
/// <param name="Floods">Streams to one client.</param>
internal sealed record Schedule(
    int LaunchPairs, TimeSpan Settling, int FloorZygotes, IReadOnlyList<GroupOf> Groups, IReadOnlyList<GroupOf> Floods)
{
    private const int Many = 64;
    private static readonly int[] s_callers = [1, 8];

    /// <summary>Every table, in under ten minutes.</summary>
    public static Schedule Full { get; } = new(
        200,
        TimeSpan.FromSeconds(2),
        int.MaxValue,
        [
            .. from language in Cases.Languages
               from callers in s_callers.Append(Many)
               select new GroupOf(Cases.HelloIn(language), callers, RoundPlan.OfMilliseconds(3, 800, 400, 500, 16_000)),
            .. from language in Cases.Languages
               from workload in Cases.AllIn(language).Skip(1)
               from callers in s_callers
               select new GroupOf(workload, callers, RoundPlan.OfMilliseconds(2, 300, 300, callers == 1 ? 0 : 400, 11_000)),
        ],
        FloodsBy(640, RoundPlan.OfMilliseconds(3, 0, 0, 0, 6_000)));

    /// <summary>What the ratios need, in less than a minute.</summary>
    public static Schedule Quick { get; } = new(
        12,
        TimeSpan.Zero,
        2 * Environment.ProcessorCount,
        [
            .. from language in Cases.Languages
               from callers in s_callers
               select new GroupOf(Cases.HelloIn(language), callers, RoundPlan.OfMilliseconds(1, 300, 250, callers == 1 ? 200 : 0, 5_000)),
        ],
        FloodsBy(320, RoundPlan.OfMilliseconds(1, 0, 0, 0, 2_000)));

    private static GroupOf[] FloodsBy(int longLines, RoundPlan plan) =>
    [
        .. from language in (Language[])[Language.JavaScript, Language.Python]
           from workload in (Workload[])[Cases.Flood(language, Cases.LongLine, longLines), Cases.Flood(language, Cases.ShortLine, 200_000)]
           select new GroupOf(workload, 1, plan),
    ];
}
