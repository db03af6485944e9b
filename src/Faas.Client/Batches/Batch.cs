using System.Text.Json;

namespace Faas.Client;

/// <summary>A batch that was accepted (docs/batches.md).</summary>
/// <param name="Id">Its name, by which its record is found.</param>
/// <param name="Path">The script.</param>
/// <param name="Version">The version that its runs run.</param>
/// <param name="Count">How many runs it has.</param>
/// <param name="State"><c>queued</c>, <c>running</c> or <c>ended</c>.</param>
public sealed record AcceptedBatch(string Id, string Path, long Version, int Count, string State);

/// <summary>The record of a batch.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Path">The script.</param>
/// <param name="Version">The version that its runs run.</param>
/// <param name="State"><c>queued</c>, <c>running</c> or <c>ended</c>.</param>
/// <param name="Received">When its call came.</param>
/// <param name="Count">How many runs it has.</param>
/// <param name="Queued">How many of them wait.</param>
/// <param name="Running">How many a server has taken.</param>
/// <param name="Ended">How many have ended.</param>
/// <param name="Reasons">How many have ended for which reason: <c>ok</c>, <c>error</c> …</param>
public sealed record Batch(
    string Id,
    string Path,
    long Version,
    string State,
    DateTimeOffset Received,
    int Count,
    int Queued,
    int Running,
    int Ended,
    IReadOnlyDictionary<string, int> Reasons)
{
    /// <summary>The priority of its runs, 1 to 9.</summary>
    public int? Priority { get; init; }

    /// <summary>The alias that its call has named; null: none.</summary>
    public string? Alias { get; init; }

    /// <summary>The name of its caller's key; null: it has none.</summary>
    public string? Key { get; init; }

    /// <summary>No run starts before this time; null: they may start at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When a server took the first of its runs; null: none has.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the last of its runs ended; null: not all have.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether all its runs have ended.</summary>
    public bool HasEnded => State == "ended";
}

/// <summary>A page of batches, the newest first.</summary>
/// <param name="Batches">The batches.</param>
public sealed record BatchPage(IReadOnlyList<Batch> Batches)
{
    /// <summary>Names the next page; null: this is the last one.</summary>
    public string? Next { get; init; }
}

/// <summary>What came of one input of a batch.</summary>
/// <param name="Index">Which input, from 0.</param>
/// <param name="Run">The id of its run.</param>
/// <param name="State">
/// <c>queued</c>, <c>running</c>, <c>ended</c>; or <c>gone</c>: it has ended, and its record is not kept any more.
/// </param>
public sealed record BatchResult(int Index, string Run, string State)
{
    /// <summary>How the run ended: <c>ok</c>, <c>error</c> …; null: it has not, or is gone.</summary>
    public string? Reason { get; init; }

    /// <summary>What it returned; null: nothing, or the value is not kept.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>What kind of value it returned.</summary>
    public string? Type { get; init; }

    /// <summary>Whether its value is longer than what is kept.</summary>
    public bool? ResultCut { get; init; }

    /// <summary>Of a run that has failed: one line about its end.</summary>
    public string? Detail { get; init; }

    /// <summary>What the script threw, or where it does not compile.</summary>
    public BatchError? Error { get; init; }
}

/// <summary>What a script threw, or where it does not compile.</summary>
/// <param name="Name">The name of the error's class.</param>
/// <param name="Message">Its message.</param>
public sealed record BatchError(string Name, string Message)
{
    /// <summary>Where it was thrown; null: it is not known.</summary>
    public string? Stack { get; init; }

    /// <summary>The line at which the script does not compile, from 1.</summary>
    public int? Line { get; init; }

    /// <summary>The column at which the script does not compile, from 1.</summary>
    public int? Column { get; init; }

    /// <summary>The source file of a script of several files that does not compile.</summary>
    public string? File { get; init; }
}

/// <summary>A page of results, in the order of the inputs.</summary>
/// <param name="Results">The results.</param>
public sealed record BatchResultPage(IReadOnlyList<BatchResult> Results)
{
    /// <summary>Names the next page; null: this is the last one.</summary>
    public string? Next { get; init; }
}
