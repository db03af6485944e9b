using System.Text.Json.Serialization;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Http.Wire;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>One run in the list.</summary>
/// <param name="Id">Its name: the call's id, <c>~</c> and a number.</param>
/// <param name="Call">The id of its call, X-Call-Id.</param>
/// <param name="Via">By which door its call came.</param>
/// <param name="Path">The script, or <c>/run-now</c>.</param>
/// <param name="Language">What its code is written in.</param>
/// <param name="Isolation">What it shares with other runs.</param>
/// <param name="State">How far it has come. Whatever is not <c>ended</c> is under way.</param>
/// <param name="Received">When its call came, UTC.</param>
/// <param name="Queued">When it was submitted to the pool, UTC.</param>
/// <param name="InputBytes">The length of its input as JSON.</param>
public record RecentRunReply(
    string Id,
    string Call,
    RunVia Via,
    [property: JsonConverter(typeof(PlainTextConverter))] string Path,
    Language Language,
    Isolation Isolation,
    RunStage State,
    DateTime Received,
    DateTime Queued,
    int InputBytes)
{
    /// <summary>The same for a client.</summary>
    public RecentRunReply(RecentRun run)
        : this(
            run.Record.Id,
            run.Record.CallId,
            run.Record.Call.Via,
            run.Record.Path,
            run.Record.Language,
            run.Record.Isolation,
            run.Stage,
            run.Record.Call.Received.UtcDateTime,
            run.Record.Queued.UtcDateTime,
            run.Record.InputBytes)
    {
        var (record, end) = (run.Record, run.End);
        (Version, Alias, Key, Stream) = (record.Version, record.Alias, record.Key, record.Stream ? true : null);
        (Start, Started, Ended) = (run.Start, run.Started?.UtcDateTime, run.Ended?.UtcDateTime);
        (Reason, Status) = (end?.Reason, end is null ? null : record.Call.Status);
        Detail = end is { Detail.Length: > 0 } ? end.Detail : null;
        WaitSeconds = Seconds((run.Started ?? run.Ended) - record.Queued);
        RunSeconds = run.Started is null ? null : Seconds(run.Ended - run.Started);
        TotalSeconds = Seconds(run.Ended - record.Call.Received);
        (CpuSeconds, MemoryBytes) = (Seconds(run.Cpu), run.MemoryBytes);
        ResultBytes = end?.ResultBytes;
        LogBytes = record.Log?.Length is > 0 and var bytes ? bytes : null;
    }

    /// <summary>The same of a kept run for a client.</summary>
    public RecentRunReply(KeptRun run)
        : this(
            run.Id,
            run.CallId,
            run.Call.Via,
            run.Call.Path,
            run.Call.Language,
            run.Call.Isolation,
            run.Stage,
            run.Call.Received.UtcDateTime,
            run.Call.Received.UtcDateTime,
            run.Call.InputBytes)
    {
        var (call, end) = (run.Call, run.End);
        (Version, Alias, Key, Start) = (call.Version, call.Alias, call.Key, end?.Start);
        (Kept, Node, Attempt, Priority) = (true, run.Node, run.Attempt, call.Priority);
        (NotBefore, Schedule) = (call.NotBefore?.UtcDateTime, call.Schedule);
        (Next, NextRefused, Previous, Depth) = (run.Next, run.NextRefused, call.Previous, call.Depth);
        Failure = run.Failure is { } failure ? new FailureReply(failure.Reason, failure.Detail, failure.At.UtcDateTime) : null;
        RetryAt = run is { Stage: RunStage.Queued, Attempt: > 0 } ? run.RetryAt?.UtcDateTime : null;
        (Batch, Index) = (call.Batch, call.Index);
        (Redrives, RedrivenBy, Dead) = (call.Redrives, run.RedrivenBy, run.IsDead ? true : null);
        Callback = CallbackReply.Of(run);
        var started = end?.Started ?? run.Taken;
        (Started, Ended) = (started?.UtcDateTime, run.Ended?.UtcDateTime);
        (Reason, Status, Detail) = (end?.Reason, end is null ? null : KeptStatus.Of(end.Reason), end?.Detail);
        WaitSeconds = Seconds((started ?? run.Ended) - call.Received);
        (RunSeconds, TotalSeconds) = (end?.RunSeconds, Seconds(run.Ended - call.Received));
        (CpuSeconds, MemoryBytes, ResultBytes) = (end?.CpuSeconds, end?.MemoryBytes, end?.ResultBytes);
    }

    /// <summary>Whether its record is kept in the store; left out: it is in the memory of this server alone.</summary>
    public bool? Kept { get; init; }

    /// <summary>Of a kept run: the server that executes it, or did.</summary>
    public string? Node { get; init; }

    /// <summary>Of a kept run: how often it was started.</summary>
    public int? Attempt { get; init; }

    /// <summary>Of a kept run: how its last attempt ended after which it was to be started again; left out: there was none.</summary>
    public FailureReply? Failure { get; init; }

    /// <summary>Of a kept run that waits for another attempt: it does not start before this time, UTC.</summary>
    public DateTime? RetryAt { get; init; }

    /// <summary>Of a kept run: of those of its script that wait, one of the highest priority goes first.</summary>
    public int? Priority { get; init; }

    /// <summary>Of a kept run: it does not start before this time, UTC.</summary>
    public DateTime? NotBefore { get; init; }

    /// <summary>Of a kept run: the run in whose place it runs.</summary>
    public string? Redrives { get; init; }

    /// <summary>Of a kept run: the run that has run in its place.</summary>
    public string? RedrivenBy { get; init; }

    /// <summary>Of a kept run: whether it has failed, no caller has waited for it, and no run has taken its place; left out: no.</summary>
    public bool? Dead { get; init; }

    /// <summary>Of a kept run: the run that it was handed on to.</summary>
    public string? Next { get; init; }

    /// <summary>Of a kept run: why it was not handed on, though it should have been.</summary>
    public string? NextRefused { get; init; }

    /// <summary>Of a kept run: the run before it in its chain; left out: it is the first.</summary>
    public string? Previous { get; init; }

    /// <summary>Of a kept run: how many runs are before it in its chain; left out: it is the first.</summary>
    public int? Depth { get; init; }

    /// <summary>Of a kept run: how far its callback has come; left out: it has none.</summary>
    public CallbackReply? Callback { get; init; }

    /// <summary>Of a kept run: the schedule that has started it.</summary>
    public string? Schedule { get; init; }

    /// <summary>Of a kept run: the batch that it is a part of.</summary>
    public string? Batch { get; init; }

    /// <summary>Of a run of a batch: which input of the batch it has, from 0.</summary>
    public int? Index { get; init; }

    /// <summary>The version; left out: the code is not stored.</summary>
    public long? Version { get; init; }

    /// <summary>The alias that the call has named.</summary>
    public string? Alias { get; init; }

    /// <summary>The name of the caller's key.</summary>
    public string? Key { get; init; }

    /// <summary>Whether its output went to the caller as it was printed; left out: it did not.</summary>
    public bool? Stream { get; init; }

    /// <summary>Where its sandbox came from; left out: it has none, or never had one.</summary>
    public Warmth? Start { get; init; }

    /// <summary>When a sandbox got it, UTC.</summary>
    public DateTime? Started { get; init; }

    /// <summary>When it was over, UTC.</summary>
    public DateTime? Ended { get; init; }

    /// <summary>How it ended, as replies say it: ok, error, timeout, queue_full …</summary>
    public string? Reason { get; init; }

    /// <summary>The HTTP status of the answer; left out: none was sent, or not yet.</summary>
    public int? Status { get; init; }

    /// <summary>One line about its end.</summary>
    public string? Detail { get; init; }

    /// <summary>How long it waited for a sandbox.</summary>
    public double? WaitSeconds { get; init; }

    /// <summary>How long a sandbox had it.</summary>
    public double? RunSeconds { get; init; }

    /// <summary>From the call to the end of the run.</summary>
    public double? TotalSeconds { get; init; }

    /// <summary>Its processor time; left out: it was not measured, or not yet.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>The most memory that it held; left out: it was not measured, or not yet.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The length of its value as JSON.</summary>
    public int? ResultBytes { get; init; }

    /// <summary>How much of its output is kept, about; left out: none.</summary>
    public int? LogBytes { get; init; }

    private static double? Seconds(TimeSpan? time) => time is { } known ? Math.Round(Math.Max(0, known.TotalSeconds), 6) : null;
}

/// <summary>How an attempt of a kept run ended that was to be followed by another one.</summary>
/// <param name="Reason">The reason: error, timeout, sandbox …</param>
/// <param name="Detail">One line about it; left out: there is nothing to say.</param>
/// <param name="At">When it was over, UTC.</param>
public sealed record FailureReply(string Reason, string? Detail, DateTime At);

/// <summary>A page of recent runs, the newest first.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Kept">How much is kept.</param>
/// <param name="Next">The <c>after</c> of the next page; left out: this is the last one.</param>
public sealed record RunPageReply(IReadOnlyList<RecentRunReply> Runs, KeptReply Kept, string? Next);

/// <summary>How much is kept of runs (<c>faas.runs.recent</c>, or <c>faas.runs.kept</c>).</summary>
/// <param name="Runs">The most ended runs; 0: none.</param>
/// <param name="AgeSeconds">For how long after their ends.</param>
public sealed record KeptReply(int Runs, double AgeSeconds)
{
    /// <summary>The same for a client.</summary>
    public static KeptReply Of(RecentRunsOptions options) => new(options.Count, options.MaxAge.TotalSeconds);

    /// <summary>The same of kept runs for a client.</summary>
    public static KeptReply Of(KeptRunsOptions options) => new(options.Count, options.MaxAge.TotalSeconds);
}

/// <summary>One message of <c>GET /api/v1/runs/events</c>.</summary>
/// <param name="Event">What it tells: <c>runs</c> or <c>run</c>.</param>
public sealed record RunEvent(string Event)
{
    /// <summary>Of <c>runs</c>: the newest runs, which take the place of all that were told before.</summary>
    public IReadOnlyList<RecentRunReply>? Runs { get; init; }

    /// <summary>Of <c>runs</c>: how much is kept.</summary>
    public KeptReply? Kept { get; init; }

    /// <summary>Of <c>runs</c>: more has changed than was told.</summary>
    public bool? Skipped { get; init; }

    /// <summary>Of <c>run</c>: it is new, or has changed.</summary>
    public RecentRunReply? Run { get; init; }
}
