using Faas.Actors.Scripts;
using Faas.Bench.Reports;
using Faas.Bench.Rounds;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;

namespace Faas.Bench.Scale;

/// <summary>All that one run has measured.</summary>
/// <param name="Conditions">Where and when.</param>
/// <param name="Filling">What the filled store had.</param>
/// <param name="List">The list of scripts.</param>
/// <param name="Starts">Starts of the server on the filled and on the empty store.</param>
/// <param name="Calls">Calls on both stores.</param>
/// <param name="Recoveries">Scripts read from the store, the one of a single version first.</param>
/// <param name="Waiting">Clients that waited.</param>
internal sealed record ScaleReport(
    Conditions Conditions,
    Filling Filling,
    ListTimes List,
    (StartTimes Filled, StartTimes Empty) Starts,
    IReadOnlyList<SideBySide> Calls,
    IReadOnlyList<Recovery> Recoveries,
    Waiting Waiting);

/// <summary>How a store was filled.</summary>
/// <param name="Scripts">How many.</param>
/// <param name="Versions">Of each.</param>
/// <param name="Took">How long the writing took.</param>
/// <param name="FileBytes">What it takes on the disk.</param>
internal sealed record Filling(int Scripts, int Versions, TimeSpan Took, long FileBytes);

/// <summary>The same call on the filled store and on one that is empty or has few scripts.</summary>
internal sealed record SideBySide(string What, Cell Filled, Cell Empty)
{
    /// <summary>Measures two ways in turns, by one caller each.</summary>
    public static SideBySide Measure(Contest contest, string what, Way filled, Way empty)
    {
        var cells = contest.Run(Cases.HelloIn(Language.JavaScript) with { Case = what }, 1, [filled, empty]);
        return new SideBySide(what, cells[0], cells[1]);
    }
}

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
