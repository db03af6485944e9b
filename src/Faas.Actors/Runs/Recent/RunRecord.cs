using Faas.Actors.Runs.Output;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Recent;

// Theory of operation. One object a run. The use case makes it; the pool, the sandbox and the web server each note in it what they alone
// know, from threads of their own, while others look. So each note is one reference or one number that is written once, and the
// moments are time stamps, which are made into times only for a reader. RecentRuns alone writes the members below "kept".

/// <summary>One run, from when it is submitted until it is forgotten. Safe from any thread.</summary>
public sealed class RunRecord
{
    private const long Never = 0;

    private readonly TimeProvider _time;
    private readonly long _queued;
    private long _leased = Never;
    private Warmth _warmth;
    private RunLog? _log;
    private RunEnd? _end;
    private Usage? _measured;

    /// <summary>A run that is being submitted.</summary>
    public RunRecord(TimeProvider time) => (_time, _queued, Queued) = (time, time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary>The script, or <see cref="Run.RunNowQueue"/>.</summary>
    public required string Path { get; init; }

    /// <summary>What its code is written in.</summary>
    public required Language Language { get; init; }

    /// <summary>What it shares with other runs.</summary>
    public required Isolation Isolation { get; init; }

    /// <summary>The call that asked for it.</summary>
    public required RunCall Call { get; init; }

    /// <summary>The version; null: the code is not stored.</summary>
    public long? Version { get; init; }

    /// <summary>The alias that the call has named; null: none.</summary>
    public string? Alias { get; init; }

    /// <summary>The name of the caller's key; null: it has none.</summary>
    public string? Key { get; init; }

    /// <summary>Whether its output goes to the caller as it is printed.</summary>
    public bool Stream { get; init; }

    /// <summary>The length of the input as JSON.</summary>
    public int InputBytes { get; init; }

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset Queued { get; }

    /// <summary>The id of its call.</summary>
    public string CallId => Id[..Id.LastIndexOf(Run.IdSeparator)];

    /// <summary>How it ended; null: it is under way.</summary>
    public RunEnd? End => Volatile.Read(ref _end);

    /// <summary>Whether a sandbox has got it.</summary>
    public bool IsLeased => Volatile.Read(ref _leased) != Never;

    /// <summary>Whether all that is ever known of it is known.</summary>
    public bool IsComplete =>
        End is { } end && Call.IsAnswered && (!end.CostFollows || Volatile.Read(ref _measured) is not null);

    /// <summary>What it has printed; null: nothing, or it was forgotten.</summary>
    public RunLog? Log => Volatile.Read(ref _log);

    /// <summary>Is given its output as it comes; null: nothing is. Set before the run is submitted.</summary>
    public Action<OutputStream, ReadOnlyMemory<byte>>? Follower { get; set; }

    /// <summary>How long ago it was submitted.</summary>
    public TimeSpan Age => _time.GetElapsedTime(_queued);

    // Kept by RecentRuns, under its lock.

    /// <summary>Its place among all runs, by when they were submitted.</summary>
    internal long Number { get; set; }

    /// <summary>The number of its latest change.</summary>
    internal long Change { get; set; }

    /// <summary>Whether its having a sandbox has got a number as a change.</summary>
    internal bool IsLeaseTold { get; set; }

    /// <summary>The bytes of output that are accounted for.</summary>
    internal int LogBytes { get; set; }

    /// <summary>Its place among the runs under way; null: it is not there.</summary>
    internal LinkedListNode<RunRecord>? Place { get; set; }

    /// <summary>Whether output of it was forgotten.</summary>
    public bool IsLogForgotten { get; private set; }

    /// <summary>The pool has given it to a sandbox.</summary>
    /// <param name="warmth">Where the sandbox came from.</param>
    /// <param name="ago">How long ago, but not before it was submitted.</param>
    public void Leased(Warmth warmth, TimeSpan ago = default)
    {
        _warmth = warmth;
        var at = _time.GetTimestamp() - (long)(ago.TotalSeconds * _time.TimestampFrequency);
        Volatile.Write(ref _leased, Math.Max(1, Math.Max(_queued, at)));
    }

    /// <summary>Another node executes it, so its output is not kept here.</summary>
    public void PrintsElsewhere() => IsLogForgotten = true;

    /// <summary>Its sandbox begins to read it, and keeps its output here.</summary>
    public void Prints(RunLog log)
    {
        log.Follower = Follower;
        Volatile.Write(ref _log, log);
    }

    /// <summary>Its processes have ended, after its caller has got the value.</summary>
    public void Measured(Usage usage) => Volatile.Write(ref _measured, usage);

    /// <summary>It is over. False: it was already.</summary>
    internal bool TryEnd(RunEnd end) => Interlocked.CompareExchange(ref _end, end, null) is null;

    /// <summary>Its output is kept no longer.</summary>
    internal void ForgetLog()
    {
        IsLogForgotten |= Log is { HeldBytes: > 0 };
        Volatile.Write(ref _log, null);
    }

    /// <summary>What is known of it now.</summary>
    public RecentRun Look()
    {
        var (end, leased) = (End, Volatile.Read(ref _leased));
        var measured = Volatile.Read(ref _measured) ?? end?.Usage;
        return new RecentRun(this, end is not null ? RunStage.Ended : leased != Never ? RunStage.Running : RunStage.Waiting, end)
        {
            Start = leased != Never ? _warmth : null,
            Started = leased != Never ? At(_time.GetElapsedTime(_queued, leased)) : null,
            Ended = end is null ? null : At(end.After),
            Cpu = measured is { MaxRssBytes: > 0 } ? measured.Cpu : null,
            MemoryBytes = measured is { MaxRssBytes: > 0 and var bytes } ? bytes : null,
        };
    }

    private DateTimeOffset At(TimeSpan after) => Queued + after;
}
