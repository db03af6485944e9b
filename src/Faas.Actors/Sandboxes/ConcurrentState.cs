using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Sandboxes.Protocol;

namespace Faas.Actors.Sandboxes;

/// <summary>
/// What a sandbox whose process serves several runs at once decides. No clock, no actor, no thread: the caller passes the time in, and
/// performs the effects.
/// <para>
/// Theory of operation. Code in a process cannot be stopped from outside without the process. So a run that is cancelled, has passed a
/// limit or has run for too long is *abandoned*: its caller gets the outcome at once, what it prints is dropped, and it takes up a
/// seat until its code is over. A run that is not over by its deadline also *retires* the sandbox: it takes no more runs, the others go on,
/// and once no caller waits for one, the process is killed. A process that does not answer a CANCEL within
/// <see cref="AnswerPatience"/> turns its event loop no more: it is killed, and its other runs end with reason <c>sandbox</c>.
/// </para>
/// <para>
/// When the process ends before its runs, they all end, with what the zygote and the kernel tell of that end; a run that has
/// called for the exit itself has told so before.
/// </para>
/// </summary>
internal sealed class ConcurrentState(string bindingKey, SandboxOptions options, KernelCounters before)
{
    /// <summary>How long a process may take to answer that it has heard a CANCEL.</summary>
    public static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(1);

    private const string NoAnswer = "The process of this call no longer answered, because of another call in it, and was killed.";

    private static readonly KillReason s_cancelled = new(Reason.Cancelled, "The invocation was cancelled.");

    private readonly Dictionary<uint, ConcurrentRun> _runs = [];
    private readonly Queue<ConcurrentRun> _byAge = new();
    private readonly List<SandboxEffect> _effects = [];
    private uint _number;
    private bool _isRetired;
    private bool _isDying;
    private bool _hasExited;
    private KillReason? _kill;
    private ProcessEnded? _ended;
    private SandboxExit? _exit;

    /// <summary>When the oldest run that is not over will have run for as long as it may; null: there is none.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            while (_byAge.TryPeek(out var oldest) && !_runs.ContainsKey(oldest.Number))
            {
                _byAge.Dequeue();
            }

            return _byAge.TryPeek(out var next) ? next.Since + options.Timeout : null;
        }
    }

    /// <summary>The pool gives the sandbox a run.</summary>
    /// <param name="lease">The run.</param>
    /// <param name="counters">What the kernel has counted so far; nothing where the reply does not tell the cost.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<SandboxEffect> Begin(Lease lease, KernelCounters counters, TimeSpan now)
    {
        if (_isDying || _isRetired || lease.Run.BindingKey != bindingKey)
        {
            _effects.Add(new RejectRun(lease, "The sandbox takes no more calls."));
            return Take();
        }

        var run = new ConcurrentRun(++_number, lease, options, counters, now);
        _runs.Add(run.Number, run);
        _byAge.Enqueue(run);
        _effects.Add(new SendRun(run));
        return Take();
    }

    /// <summary>A run is over.</summary>
    public IReadOnlyList<SandboxEffect> Done(ConcurrentRun run, RunReport report, KernelCounters counters, TimeSpan now)
    {
        if (!_runs.Remove(run.Number))
        {
            return Take();
        }

        if (report.Last)
        {
            _hasExited = true;
            Retire();
        }

        if (!run.IsAbandoned)
        {
            Reply(run, OutcomeClassifier.Classify(report, null, default, null), counters, now);
        }

        _effects.Add(new AnnounceFree(run.Lease.Run.RunId, now - run.Since));
        KillIfUnneeded();
        return Take();
    }

    /// <summary>A run has passed a limit.</summary>
    public IReadOnlyList<SandboxEffect> OverLimit(ConcurrentRun run, string overLimit, TimeSpan now)
    {
        if (_runs.ContainsKey(run.Number))
        {
            Abandon(run, new KillReason(Reason.OutputLimit, overLimit), now);
            _effects.Add(new AwaitAnswer());
        }

        return Take();
    }

    /// <summary>Time has passed: the runs that have run for too long are abandoned, and the sandbox retires.</summary>
    public IReadOnlyList<SandboxEffect> Tick(TimeSpan now)
    {
        while (NextDeadline <= now)
        {
            var run = _byAge.Dequeue();
            if (!run.IsAbandoned)
            {
                Abandon(run, new KillReason(Reason.Timeout, $"The script ran longer than {options.Timeout.TotalSeconds:0.###} s."), now);
                _effects.Add(new AwaitAnswer());
            }

            Retire();
        }

        KillIfUnneeded();
        return Take();
    }

    /// <summary>The sandbox cannot serve its runs.</summary>
    public IReadOnlyList<SandboxEffect> Broke(string why)
    {
        Kill(new KillReason(Reason.Sandbox, why));
        return Take();
    }

    /// <summary>The process has not answered in time.</summary>
    public IReadOnlyList<SandboxEffect> Unanswered()
    {
        Kill(new KillReason(Reason.Sandbox, NoAnswer));
        return Take();
    }

    /// <summary>The caller of this run no longer wants the outcome.</summary>
    public IReadOnlyList<SandboxEffect> Stop(string runId, TimeSpan now)
    {
        if (_runs.Values.FirstOrDefault(run => run.Lease.Run.RunId == runId && !run.IsAbandoned) is { } stopped)
        {
            Abandon(stopped, s_cancelled, now);
            KillIfUnneeded();
        }

        return Take();
    }

    /// <summary>The pool no longer needs the sandbox.</summary>
    public IReadOnlyList<SandboxEffect> Close()
    {
        Kill(s_cancelled);
        return Take();
    }

    /// <summary>Nothing more comes from the process.</summary>
    public IReadOnlyList<SandboxEffect> Ended(ProcessEnded ended, KernelCounters counters, TimeSpan now)
    {
        _ended = ended;
        Kill(null);
        return Dead(counters, now);
    }

    /// <summary>No process of the sandbox is left.</summary>
    public IReadOnlyList<SandboxEffect> Exited(SandboxExit exit, KernelCounters counters, TimeSpan now)
    {
        _exit = exit;
        _isDying = true;
        Retire();
        return Dead(counters, now);
    }

    /// <summary>The actor stops: all runs end.</summary>
    public IReadOnlyList<SandboxEffect> Abandoned(TimeSpan now)
    {
        foreach (var run in _runs.Values.Where(run => !run.IsAbandoned).ToList())
        {
            Reply(run, Outcome.Cancelled with { Detail = "The server is stopping." }, default, now);
        }

        return Take();
    }

    private void Abandon(ConcurrentRun run, KillReason why, TimeSpan now)
    {
        Reply(run, OutcomeClassifier.Classify(run.Abandon(), why, default, null), default, now);
        _effects.Add(new SendCancel(run));
    }

    private void Retire()
    {
        if (!_isRetired)
        {
            _isRetired = true;
            _effects.Add(new AnnounceRetired());
        }
    }

    private void KillIfUnneeded()
    {
        if (_isRetired && _runs.Values.All(run => run.IsAbandoned))
        {
            Kill(null);
        }
    }

    private void Kill(KillReason? reason)
    {
        if (!_isDying)
        {
            (_isDying, _kill) = (true, reason);
            Retire(); // before any reply, or the pool could give the sandbox the next run of the same caller
            _effects.Add(new KillProcess());
        }
    }

    private List<SandboxEffect> Dead(KernelCounters counters, TimeSpan now)
    {
        if (_ended is null || _exit is null)
        {
            return Take();
        }

        var spent = _ended.End is { Signal: null } ? default : counters.Since(before);
        foreach (var run in _runs.Values.Where(run => !run.IsAbandoned).ToList())
        {
            var report = run.Broken(_ended.End is { } end ? OfEnd(end) : null, _ended.Fault, _ended.LeftOver);
            Reply(run, OutcomeClassifier.Classify(report, _kill, spent, _exit), counters, now);
        }

        _runs.Clear();
        _effects.Add(new StopSelf());
        return Take();
    }

    // An exit is the run's own only if no other run has called for it.
    private Outcome OfEnd(EndFrame end) => end.Signal is not null || (end.ExitCode != 0 && !_hasExited)
        ? ScriptOutcome.Of(null, end, new Runs.Output.ByteTail(1))
        : Outcome.Broken($"The process of this call has ended, with status {end.ExitCode}, because of another call in it.");

    // The kernel counts the whole sandbox: what a run cost includes what the others cost meanwhile.
    private void Reply(ConcurrentRun run, Outcome outcome, KernelCounters counters, TimeSpan now)
    {
        var spent = run.Lease.Run.TellsCost && counters != default ? counters.Since(run.Before) : default;
        var usage = new Usage(now - run.Since, spent.Cpu, spent.PeakMemoryBytes);
        _effects.Add(new EndConcurrentRun(run, outcome with { Warmth = run.Lease.Warmth, Usage = usage }));
    }

    private List<SandboxEffect> Take()
    {
        List<SandboxEffect> taken = [.. _effects];
        _effects.Clear();
        return taken;
    }
}
