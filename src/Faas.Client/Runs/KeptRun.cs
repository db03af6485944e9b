using System.Text.Json;

namespace Faas.Client;

/// <summary>The record of a run that the server keeps (docs/asynchronous.md).</summary>
/// <param name="Id">Its name.</param>
/// <param name="Path">The script.</param>
/// <param name="State"><c>queued</c>, <c>running</c> or <c>ended</c>.</param>
/// <param name="Received">When its call came.</param>
public sealed record KeptRun(string Id, string Path, string State, DateTimeOffset Received)
{
    /// <summary>The version that it runs.</summary>
    public long? Version { get; init; }

    /// <summary>The alias that its call has named; null: none.</summary>
    public string? Alias { get; init; }

    /// <summary>The name of its caller's key; null: it has none.</summary>
    public string? Key { get; init; }

    /// <summary>The schedule that has started it; null: a call has.</summary>
    public string? Schedule { get; init; }

    /// <summary>The batch that it is a part of; null: none.</summary>
    public string? Batch { get; init; }

    /// <summary>Which input of its batch it has, from 0; null: it is in no batch.</summary>
    public int? Index { get; init; }

    /// <summary>1 to 9: of the runs of a script that wait, one of the highest priority goes first.</summary>
    public int? Priority { get; init; }

    /// <summary>Before this time it does not start; null: it may start at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The server that has taken it; null: none has.</summary>
    public string? Node { get; init; }

    /// <summary>How often it was started.</summary>
    public int? Attempt { get; init; }

    /// <summary>How its last attempt ended after which it was to be started again; null: there was none.</summary>
    public KeptFailure? Failure { get; init; }

    /// <summary>Of a run that waits for another attempt: it does not start before this time; null: it does not wait for one.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>When it was started; null: it was not.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it was over; null: it is not.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How it ended: <c>ok</c>, <c>error</c>, <c>cancelled</c> …; null: it has not.</summary>
    public string? Reason { get; init; }

    /// <summary>The HTTP status that a caller would have got who had waited; null: it has not ended.</summary>
    public int? Status { get; init; }

    /// <summary>One line about its end.</summary>
    public string? Detail { get; init; }

    /// <summary>How long a sandbox had it, in seconds.</summary>
    public double? RunSeconds { get; init; }

    /// <summary>Its processor time in seconds; null: it was not measured.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>The most memory that it held; null: it was not measured.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>What it was given; null in lists.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>What it returned; null: nothing, the value is not kept, or this is in a list.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>What kind of value it returned.</summary>
    public string? Type { get; init; }

    /// <summary>Whether its value is longer than what is kept.</summary>
    public bool? ResultCut { get; init; }

    /// <summary>What may have gone otherwise than the script's author meant it.</summary>
    public string? Hint { get; init; }

    /// <summary>The lines that it has printed; null in lists.</summary>
    public IReadOnlyList<KeptLine>? Log { get; init; }

    /// <summary>Whether the beginning of the output is not kept.</summary>
    public bool? LogCut { get; init; }

    /// <summary>The run in whose place it runs; null: none.</summary>
    public string? Redrives { get; init; }

    /// <summary>The run that has run in its place; null: none.</summary>
    public string? RedrivenBy { get; init; }

    /// <summary>What it hands on to; null: nothing, or this is in a list.</summary>
    public RunThen? Then { get; init; }

    /// <summary>The run that it was handed on to; null: none.</summary>
    public string? Next { get; init; }

    /// <summary>Why it was not handed on, though it should have been; null: it was, or should not.</summary>
    public string? NextRefused { get; init; }

    /// <summary>The run before it in its chain; null: it is the first.</summary>
    public string? Previous { get; init; }

    /// <summary>How many runs are before it in its chain; null: it is the first.</summary>
    public int? Depth { get; init; }

    /// <summary>True: it has failed, no caller has waited for it, and no run has run in its place.</summary>
    public bool? Dead { get; init; }

    /// <summary>How far its callback has come; null: it has none.</summary>
    public CallbackProgress? Callback { get; init; }

    /// <summary>Whether it is over.</summary>
    public bool HasEnded => State == "ended";
}

/// <summary>How an attempt of a run ended that was to be followed by another one.</summary>
/// <param name="Reason">The reason, in one word.</param>
/// <param name="At">When it was over.</param>
public sealed record KeptFailure(string Reason, DateTimeOffset At)
{
    /// <summary>One line about it; null: there is nothing to say.</summary>
    public string? Detail { get; init; }
}

/// <summary>One printed line.</summary>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record KeptLine(string Stream, string Text);

/// <summary>A page of kept runs, the newest first.</summary>
/// <param name="Runs">The runs.</param>
public sealed record KeptRunPage(IReadOnlyList<KeptRun> Runs)
{
    /// <summary>Names the next page; null: this is the last one.</summary>
    public string? Next { get; init; }
}

/// <summary>A run that was accepted, and waits for its turn.</summary>
/// <param name="Id">Its name, by which its record is found.</param>
/// <param name="State"><c>queued</c>.</param>
public sealed record AcceptedRun(string Id, string State);

/// <summary>Which kept runs a list has.</summary>
public sealed record KeptRunFilter
{
    /// <summary>Only runs of this script and of those under it; null: of every script.</summary>
    public string? Path { get; init; }

    /// <summary>Only runs in one of these states, joined by commas; null: in any.</summary>
    public string? State { get; init; }

    /// <summary>Only runs that ended for one of these reasons, joined by commas; null: any.</summary>
    public string? Reason { get; init; }

    /// <summary>Only runs of callers with the key of this name; null: any.</summary>
    public string? Key { get; init; }

    /// <summary>Only runs that the schedule of this name has started; null: any.</summary>
    public string? Schedule { get; init; }

    /// <summary>Only dead letters, or only the others; null: both.</summary>
    public bool? Dead { get; init; }

    /// <summary>Only runs whose callback is in one of these states, joined by commas; null: any, or none.</summary>
    public string? Callback { get; init; }
}

/// <summary>What came of redriving many runs.</summary>
/// <param name="Redriven">Those that run again.</param>
/// <param name="Refused">Those that do not.</param>
public sealed record RedriveResult(IReadOnlyList<RedrivenRun> Redriven, IReadOnlyList<NotRedrivenRun> Refused)
{
    /// <summary>Whether there may be more that are meant: the limit was reached, or the queue is full; null: there are none.</summary>
    public bool? More { get; init; }
}

/// <summary>A run that runs again.</summary>
/// <param name="Id">The run.</param>
/// <param name="By">The run in its place.</param>
public sealed record RedrivenRun(string Id, string By);

/// <summary>A run that does not run again.</summary>
/// <param name="Id">The run.</param>
/// <param name="Reason">Why, in one word.</param>
/// <param name="Detail">Why, in one line.</param>
public sealed record NotRedrivenRun(string Id, string Reason, string Detail);
