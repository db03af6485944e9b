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
// A Dying sandbox has been killed and waits for the kernel to confirm that no process is left. Only then does it send an outcome
// that is not the script's own. The report (what was read from the pipe) and the exit (the death) come in either order.
// - A run with one reply waits for both.
// - A streaming run does not wait for the report: its reader may be blocked for as long as the client does not read. A task
//   finishes such a run, so the actor can stop at once and free the pool's slot.
// - A script that returns a value has given its caller everything but the cost of the run. So the value is sent early, before the
//   zygote has killed and reaped the run's processes, which takes longer than most scripts.
// - END with last=true still replies to the caller; the sandbox is then destroyed, because the zygote could not empty /tmp in time.

/// <summary>
/// The state of a sandbox's actor, as an immutable value. Each transition returns the next state and the effects that the actor
/// performs. The caller passes the time in, as time since a fixed point.
/// </summary>
public sealed record SandboxState
{
    /// <summary>A sandbox that is being started.</summary>
    public static SandboxState Initial { get; } = new();

    /// <summary>Where it is in its life.</summary>
    public SandboxPhase Phase { get; private init; } = SandboxPhase.Starting;

    /// <summary>Whether it has a program.</summary>
    public bool IsBound { get; private init; }

    /// <summary>The <see cref="Run.BindingKey"/> of the runs that a bound sandbox may take; null: it may take no further run.</summary>
    public string? BoundTo { get; private init; }

    /// <summary>The run whose outcome is not known yet.</summary>
    public Lease? Lease { get; private init; }

    /// <summary>Why the server killed the sandbox; null: the server did not, or no run needs the reason.</summary>
    public KillReason? Kill { get; private init; }

    /// <summary>What was read of the run, when reading ended before the sandbox died.</summary>
    public RunReport? Report { get; private init; }

    /// <summary>How the sandbox died, when it died before reading ended.</summary>
    public SandboxExit? Exit { get; private init; }

    /// <summary>Why the sandbox never became ready.</summary>
    public string? StartFault { get; private init; }

    /// <summary>Whether the run's caller has the returned value already.</summary>
    public bool IsValueSent { get; private init; }

    /// <summary>The kernel's counters before the run. Its peak memory is not used.</summary>
    public KernelCounters Before { get; private init; }

    private TimeSpan RunningSince { get; init; }

    /// <summary>The runtime is ready.</summary>
    public SandboxTransition RuntimeReady() => Phase == SandboxPhase.Starting
        ? new(this with { Phase = SandboxPhase.Ready }, new AnnounceReady())
        : new(this);

    /// <summary>The launcher failed, so there is no process.</summary>
    public SandboxTransition SpawnFailed(string why) => Phase == SandboxPhase.Starting || StartFault is not null
        ? new(this with { Phase = SandboxPhase.Dead }, new AnnounceStartFailure(StartFault ?? why), new StopSelf())
        : new(this with { Phase = SandboxPhase.Dead }, new StopSelf());

    /// <summary>The launcher has started the process. A sandbox that is no longer wanted kills it.</summary>
    public SandboxTransition Spawned() => Phase == SandboxPhase.Starting ? new(this) : new(this, new KillProcess());

    /// <summary>The runtime did not send READY, or not in time.</summary>
    public SandboxTransition StartBroke(string why) => Phase == SandboxPhase.Starting
        ? new(this with { Phase = SandboxPhase.Dying, StartFault = why }, new KillProcess())
        : new(this);

    /// <summary>
    /// The pool gives the sandbox a run. An out-of-memory kill since the last run ended counts as this run's, unless <paramref
    /// name="oomKills"/> says how many there were before it.
    /// </summary>
    public SandboxTransition Begin(Lease lease, TimeSpan cpu, TimeSpan now, long? oomKills = null)
    {
        if (Phase != SandboxPhase.Ready)
        {
            return new(this, new RejectRun(lease, $"The sandbox is {Phase} and takes no invocation."));
        }

        if (IsBound && (BoundTo is null || BoundTo != lease.Run.BindingKey))
        {
            return new(this, new RejectRun(lease, "The sandbox is bound to another program."));
        }

        var next = this with
        {
            Phase = SandboxPhase.Busy,
            IsBound = true,
            BoundTo = lease.Run.BindingKey,
            Lease = lease,
            IsValueSent = false,
            Before = Before with { Cpu = cpu, OomKills = oomKills ?? Before.OomKills },
            RunningSince = now,
        };
        return new(next, new BeginRun(lease, Bind: !IsBound));
    }

    /// <summary>The pool binds the sandbox without giving it a run.</summary>
    public SandboxTransition Bind(Run run) => Phase == SandboxPhase.Ready && !IsBound
        ? new(this with { IsBound = true, BoundTo = run.BindingKey }, new BindProgram(run))
        : new(this);

    /// <summary>The program of a sandbox that was bound without a run could not be sent.</summary>
    public SandboxTransition BindFailed() => Phase == SandboxPhase.Ready ? Close() : new(this); // else a run tells

    /// <summary>The script has returned a value. Its processes may still live, but they cannot change the value.</summary>
    public SandboxTransition Returned(string runId, ResultData data, long oomKills, TimeSpan now)
    {
        if (Phase != SandboxPhase.Busy || Lease!.Run.RunId != runId || oomKills != Before.OomKills)
        {
            return new(this);
        }

        var outcome = Lease.Complete(new Outcome(Reason.Ok) { Data = data }, now - RunningSince);
        return new(this with { IsValueSent = true }, new SendValueEarly(Lease, outcome));
    }

    /// <summary>Reading has ended: END came, a limit was passed, or the zygote broke the protocol.</summary>
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

    /// <summary>The run has taken longer than it may.</summary>
    public SandboxTransition Deadline(string runId, TimeSpan limit)
    {
        var what = Lease?.Run.Mode == RunMode.Check ? "To compile the script took" : "The script ran";
        return KillRun(runId, new KillReason(Reason.Timeout, $"{what} longer than {limit.TotalSeconds:0.###} s."));
    }

    /// <summary>The caller no longer wants the outcome.</summary>
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
                : new(
                    dead,
                    new AnnounceStartFailure(ScriptOutcome.OneLine($"{fault} (status {exit.ExitCode}). {exit.Stderr}")),
                    new StopSelf());
        }

        if (Report is not null)
        {
            return Dead(Report, exit, counters, now);
        }

        return Lease.Run.Stream
            ? new(this with { Phase = SandboxPhase.Dead, Exit = exit, Lease = null }, Apart(Kill, now), new StopSelf())
            : new(this with { Phase = SandboxPhase.Dying, Exit = exit });
    }

    /// <summary>
    /// Whether a sandbox that ends now has ended by itself, neither killed by the server nor after the last END. During a run that cannot
    /// be said of the status 0, before the run's report is there.
    /// </summary>
    public bool EndsByItself(SandboxExit exit) => Phase switch
    {
        SandboxPhase.Ready => true,
        SandboxPhase.Busy => exit.ExitCode != 0,
        SandboxPhase.Dying => Report is not null && Lease is not null && Kill is null,
        _ => false,
    };

    /// <summary>How it has ended by itself, as the report of its run shows that comes now; null: it has not.</summary>
    public SandboxExit? EndedByItself(RunReport report) => Lease is not null && Kill is null && report.Script is null ? Exit : null;

    /// <summary>The actor stops: how to finish a run that has no outcome yet; null when there is no such run.</summary>
    public FinishWithoutActor? Abandoned(TimeSpan now) => Lease is null || IsValueSent
        ? null
        : Apart(Kill ?? new KillReason(Reason.Cancelled, "The server is stopping."), now);

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

    // The caller gets the outcome, or, if it has the returned value already, the cost.
    private SandboxTransition Over(
        SandboxState after, SandboxEffect last, RunReport report, SandboxExit? exit, KernelCounters counters, TimeSpan now)
    {
        var classified = OutcomeClassifier.Classify(report, Kill, counters.Since(Before), exit);
        var outcome = Lease!.Complete(classified, now - RunningSince);
        return new(after, IsValueSent ? new SendUsage(Lease, outcome.Usage) : new SendOutcome(Lease, outcome), last);
    }

    private SandboxTransition KillRun(string runId, KillReason reason) => Phase == SandboxPhase.Busy && Lease!.Run.RunId == runId
        ? new(this with { Phase = SandboxPhase.Dying, Kill = reason }, new KillProcess())
        : new(this);
}
