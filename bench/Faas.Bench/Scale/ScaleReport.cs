using Faas.Bench.Reports;
using Faas.Bench.Rounds;
using Faas.Bench.Ways;

namespace Faas.Bench.Scale;

/// <summary>All that one run has measured.</summary>
internal sealed record ScaleReport
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset Begun { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>Where.</summary>
    public required Machine Machine { get; init; }

    /// <summary>The load averages at the end, the run's own load included.</summary>
    public required string LoadAfter { get; init; }

    /// <summary>What the filled store had.</summary>
    public required Filling Filling { get; init; }

    /// <summary>The list.</summary>
    public required ListTimes List { get; init; }

    /// <summary>Starts of the server on the filled and on the empty store.</summary>
    public required (StartTimes Filled, StartTimes Empty) Starts { get; init; }

    /// <summary>Calls on both stores.</summary>
    public required IReadOnlyList<SideBySide> Calls { get; init; }

    /// <summary>Scripts read from the store, the one of a single version first.</summary>
    public required IReadOnlyList<Recovery> Recoveries { get; init; }

    /// <summary>Clients that waited.</summary>
    public required Waiting Waiting { get; init; }
}

/// <summary>How a store was filled.</summary>
/// <param name="Scripts">How many.</param>
/// <param name="Versions">Of each.</param>
/// <param name="Took">How long the writing took.</param>
/// <param name="FileBytes">What it takes on the disk.</param>
internal sealed record Filling(int Scripts, int Versions, TimeSpan Took, long FileBytes);

/// <summary>The same call on the filled and on the empty store.</summary>
internal sealed record SideBySide(string What, Cell Filled, Cell Empty);

/// <summary>The whole list of many scripts and of few: the medians of one question.</summary>
internal sealed record ListTimes(int Scripts, TimeSpan Took, int FewScripts, TimeSpan FewTook);

/// <summary>The first question that a server was asked about a script: how long each server took.</summary>
internal sealed record Recovery(int Versions, IReadOnlyList<TimeSpan> Times);

/// <summary>Clients that waited for a sandbox.</summary>
/// <param name="Clients">How many.</param>
/// <param name="Before">Bytes of the server without them.</param>
/// <param name="During">And while they waited.</param>
/// <param name="Served">How many got the script's result afterwards.</param>
/// <param name="Refused">How many were answered 429.</param>
/// <param name="Took">From the sandbox's end to the last answer.</param>
internal sealed record Waiting(int Clients, long Before, long During, int Served, int Refused, TimeSpan Took)
{
    /// <summary>Bytes of the server for each of them.</summary>
    public long BytesEach => (During - Before) / Clients;
}
