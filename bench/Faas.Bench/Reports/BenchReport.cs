using Faas.Bench.Launches;
using Faas.Bench.Limits;
using Faas.Bench.Rounds;
using Faas.Bench.Warm;
using Faas.Bench.Ways;

namespace Faas.Bench.Reports;

/// <summary>All that one run has measured.</summary>
/// <param name="Conditions">Where and when.</param>
/// <param name="Launch">How the servers as shipped start their sandboxes on this machine.</param>
/// <param name="LeftOut">What was not measured, and why, a sentence each.</param>
/// <param name="Cells">The ways side by side, uploads among them.</param>
/// <param name="Floods">Streams to one client; their closed loops' latencies are whole streams.</param>
/// <param name="Launches">Starts of each kind of sandbox.</param>
/// <param name="Warm">Many warm sandboxes; null: they were not measured.</param>
/// <param name="Limits">What the machine takes for what no server can leave out; null: it was not asked.</param>
/// <param name="Starts">Starts of the server; none where several started at once, so that their times tell nothing.</param>
/// <param name="Idle">Memory of an idle server with its spares, by process.</param>
internal sealed record BenchReport(
    Conditions Conditions,
    string Launch,
    IReadOnlyList<string> LeftOut,
    IReadOnlyList<Cell> Cells,
    IReadOnlyList<Cell> Floods,
    IReadOnlyList<LaunchTimes> Launches,
    WarmTimes? Warm,
    MachineLimits? Limits,
    IReadOnlyList<StartTimes> Starts,
    IReadOnlyList<(string Process, long Bytes)> Idle);
