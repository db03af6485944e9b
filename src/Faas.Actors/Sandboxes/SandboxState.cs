using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes;

// Theory of operation.
//
//   Starting --answered--> Ready <--run / ended--> Busy
//      \                     \                      |  deadline, stop, over a limit, zygote at fault
//       `---- close, fault ---`----------------> Dying --exited--> Dead
//
// A Dying sandbox has been killed and waits for the kernel to say that nothing of it is left; only then is an answer
// other than the script's own given. What was read from the pipe (the report) and the death (the exit) come in either
// order. A call that is answered by one message waits for both; a stream does not: its reader may stand still for
// as long as its client does, so it is finished apart from the actor, which frees the pool's place at once.
// A script that returns a value has said all that its caller waits for, so the value is passed on before its processes
// are killed and reaped, which takes longer than most scripts; only what it cost is not known by then.
// After an END that is its zygote's last the caller has its answer, and a sandbox whose /tmp is full dies behind it.

/// <summary>
/// What a sandbox's actor knows, as a value: each transition gives the next state and what the actor has to do for it.
/// Times are stamps of one clock, brought by the caller.
/// </summary>
public sealed record SandboxState
{
    /// <summary>A sandbox that is being started.</summary>
    public static SandboxState Initial { get; } = new();

    /// <summary>Where it is in its life.</summary>
    public SandboxPhase Phase { get; private init; } = SandboxPhase.Starting;

    /// <summary>Whether it has a program.</summary>
    public bool IsBound { get; private init; }

    /// <summary>The <see cref="Run.BindingKey"/> of whom it serves, once it is bound; null: of nobody else.</summary>
    public string? BoundTo { get; private init; }

    /// <summary>The run that has no outcome yet.</summary>
    public Lease? Lease { get; private init; }

    /// <summary>Why the server killed it; null: it did not, or nobody needs to know.</summary>
    public KillReason? Kill { get; private init; }

    /// <summary>What was read of the run, when that is over before the sandbox is dead.</summary>
    public RunReport? Report { get; private init; }

    /// <summary>How it died, when that is known before everything was read.</summary>
    public SandboxExit? Exit { get; private init; }

    /// <summary>Why it never became ready.</summary>
    public string? StartFault { get; private init; }

    /// <summary>Whether the run's caller has the value already.</summary>
    public bool IsAnswered { get; private init; }

    /// <summary>The kernel's counters before the run; its peak of memory is not looked at.</summary>
    public KernelCounters Before { get; private init; }

    private TimeSpan RunningSince { get; init; }

    /// <summary>The runtime answered.</summary>
    public SandboxTransition Answered() => Phase == SandboxPhase.Starting
        ? new(this with { Phase = SandboxPhase.Ready }, new AnnounceReady())
        : new(this);

    /// <summary>There is no process, and there will be none.</summary>
    public SandboxTransition SpawnFailed(string why) => Phase == SandboxPhase.Starting || StartFault is not null
        ? new(this with { Phase = SandboxPhase.Dead }, new AnnounceStartFailure(StartFault ?? why), new StopSelf())
        : new(this with { Phase = SandboxPhase.Dead }, new StopSelf());

    /// <summary>A process came after the sandbox was no longer wanted.</summary>
    public SandboxTransition Spawned() => Phase == SandboxPhase.Starting ? new(this) : new(this, new KillProcess());

    /// <summary>The runtime did not answer in time, or not with READY.</summary>
    public SandboxTransition StartBroke(string why) => Phase == SandboxPhase.Starting
        ? new(this with { Phase = SandboxPhase.Dying, StartFault = why }, new KillProcess())
        : new(this);

    /// <summary>The pool gives it a run. What was killed for memory since the last one ended counts as this one's.</summary>
    public SandboxTransition Begin(Lease lease, TimeSpan cpu, TimeSpan now)
    {
        if (Phase != SandboxPhase.Ready)
        {
            return new(this, new RejectRun(lease, $"The sandbox is {Phase} and takes no invocation."));
        }

        if (IsBound && (BoundTo is null || BoundTo != lease.Run.BindingKey))
        {
            return new(this, new RejectRun(lease, "The sandbox is bound to another program."));
        }

        var next = this with { Phase = SandboxPhase.Busy, IsBound = true, BoundTo = lease.Run.BindingKey, Lease = lease, IsAnswered = false, Before = Before with { Cpu = cpu }, RunningSince = now };
        return new(next, new BeginRun(lease, Bind: !IsBound));
    }

    /// <summary>The script has returned a value. Its processes are not gone yet, but nothing that they do can change it.</summary>
    public SandboxTransition Returned(string runId, ResultData data, long oomKills, TimeSpan now) =>
        Phase == SandboxPhase.Busy && Lease!.Run.RunId == runId && oomKills == Before.OomKills
            ? new(this with { IsAnswered = true }, new SendValueEarly(Lease, new Outcome(Reason.Ok) { Data = data }.Of(Lease, now - RunningSince)))
            : new(this);

    /// <summary>Reading is over: END came, a limit was passed, or the zygote is at fault.</summary>
    public SandboxTransition Reported(RunReport report, KernelCounters counters, TimeSpan now)
    {
        if (Lease is null)
        {
            return new(this);
        }

        if (Phase == SandboxPhase.Busy && report.Script is not null)
        {
            return Ended(report, counters, now);
        }

        if (Exit is not null)
        {
            return Dead(report, Exit, counters, now);
        }

        var kill = Kill ?? (report.OverLimit is null ? null : new KillReason(Reason.OutputLimit, report.OverLimit));
        return new(this with { Phase = SandboxPhase.Dying, Kill = kill, Report = report }, new KillProcess());
    }

    /// <summary>The wall clock of a run ran out.</summary>
    public SandboxTransition Deadline(string runId, TimeSpan limit) =>
        KillRun(runId, new KillReason(Reason.Timeout, $"{(Lease?.Run.Mode == RunMode.Check ? "To compile the script took" : "The script ran")} longer than {limit.TotalSeconds:0.###} s."));

    /// <summary>Nobody wants the outcome any more.</summary>
    public SandboxTransition StopRun(string runId) => KillRun(runId, new KillReason(Reason.Cancelled, "The invocation was cancelled."));

    /// <summary>The pool no longer needs the sandbox.</summary>
    public SandboxTransition Close() => Phase switch
    {
        SandboxPhase.Busy => StopRun(Lease!.Run.RunId),
        SandboxPhase.Starting or SandboxPhase.Ready => new(this with { Phase = SandboxPhase.Dying }, new KillProcess()),
        _ => new(this),
    };

    /// <summary>No process of the sandbox is left.</summary>
    public SandboxTransition Exited(SandboxExit exit, KernelCounters counters, TimeSpan now)
    {
        if (Lease is null)
        {
            var fault = Phase == SandboxPhase.Starting ? "the runtime ended before it was ready" : StartFault;
            var dead = this with { Phase = SandboxPhase.Dead, Exit = exit };
            return fault is null
                ? new(dead, new StopSelf())
                : new(dead, new AnnounceStartFailure(ScriptOutcome.OneLine($"{fault} (status {exit.ExitCode}). {exit.Stderr}")), new StopSelf());
        }

        if (Report is not null)
        {
            return Dead(Report, exit, counters, now);
        }

        return Lease.Run.Stream
            ? new(this with { Phase = SandboxPhase.Dead, Exit = exit, Lease = null }, Apart(Kill, now), new StopSelf())
            : new(this with { Phase = SandboxPhase.Dying, Exit = exit });
    }

    /// <summary>The actor ends while a run has no outcome: what is left to do for it, null when there is none.</summary>
    public FinishWithoutActor? Abandoned(TimeSpan now) => Lease is null || IsAnswered ? null : Apart(Kill ?? new KillReason(Reason.Cancelled, "The server is stopping."), now);

    private FinishWithoutActor Apart(KillReason? kill, TimeSpan now) => new(Lease!, kill, Before, now - RunningSince);

    private SandboxTransition Ended(RunReport report, KernelCounters counters, TimeSpan now)
    {
        SandboxEffect next = report.Last || Lease!.Run.Isolation == Isolation.Sandbox
            ? new KillProcess()
            : new AnnounceFree(Lease.Run.RunId, now - RunningSince);
        var after = this with
        {
            Phase = next is KillProcess ? SandboxPhase.Dying : SandboxPhase.Ready,
            Lease = null,
            Before = Before with { OomKills = counters.OomKills },
        };
        return Over(after, next, report, null, counters, now);
    }

    private SandboxTransition Dead(RunReport report, SandboxExit exit, KernelCounters counters, TimeSpan now)
    {
        var dead = this with { Phase = SandboxPhase.Dead, Exit = exit, Report = report, Lease = null };
        return Over(dead, new StopSelf(), report, exit, counters, now);
    }

    /// <summary>The run is over: its caller is told, unless it has the value already.</summary>
    private SandboxTransition Over(SandboxState after, SandboxEffect last, RunReport report, SandboxExit? exit, KernelCounters counters, TimeSpan now) => IsAnswered
        ? new(after, last)
        : new(after, new SendOutcome(Lease!, Outcome(report, exit, counters, now)), last);

    private SandboxTransition KillRun(string runId, KillReason reason) => Phase == SandboxPhase.Busy && Lease!.Run.RunId == runId
        ? new(this with { Phase = SandboxPhase.Dying, Kill = reason }, new KillProcess())
        : new(this);

    private Outcome Outcome(RunReport report, SandboxExit? exit, KernelCounters counters, TimeSpan now) =>
        OutcomeClassifier.Classify(report, Kill, counters.Since(Before), exit).Of(Lease!, now - RunningSince);
}
