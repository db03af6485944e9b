using Faas.Bench.Launches;
using Faas.Bench.Limits;
using Faas.Bench.Rounds;
using Faas.Bench.Ways;

namespace Faas.Bench.Reports;

/// <summary>All that one run has measured.</summary>
internal sealed record BenchReport
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset Begun { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>Where.</summary>
    public required Machine Machine { get; init; }

    /// <summary>The load averages at the end, the run's own load included.</summary>
    public required string LoadAfter { get; init; }

    /// <summary>What was not measured, and why, a sentence each.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>The ways side by side.</summary>
    public required IReadOnlyList<Cell> Cells { get; init; }

    /// <summary>Streams to one client; their closed loops' latencies are whole streams.</summary>
    public required IReadOnlyList<Cell> Floods { get; init; }

    /// <summary>Starts of one sandbox.</summary>
    public required LaunchTimes Launches { get; init; }

    /// <summary>What the machine takes for what no server can leave out; null: it was not asked.</summary>
    public MachineLimits? Limits { get; init; }

    /// <summary>Starts of the server; none where several started at once, so that their times tell nothing.</summary>
    public required IReadOnlyList<StartTimes> Starts { get; init; }

    /// <summary>Memory of an idle server with its spares, by process.</summary>
    public required IReadOnlyList<(string Process, long Bytes)> Idle { get; init; }
}
