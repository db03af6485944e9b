using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>A way of which nothing needs to be known but how one caller is made.</summary>
/// <param name="name">Its name in the tables.</param>
/// <param name="usage">Counts what it uses.</param>
/// <param name="open">Makes a caller of a function.</param>
/// <param name="serves">Which functions it has; null: all.</param>
internal sealed class CallerWay(string name, UsageGroup usage, Func<Workload, Caller> open, Func<Workload, bool>? serves = null)
    : Way(name, usage)
{
    public override bool Serves(Workload workload, int callers) => serves is null || serves(workload);

    public override IReadOnlyList<Caller> Open(Workload workload, int callers) =>
        [.. Enumerable.Range(0, callers).Select(_ => open(workload))];
}
