using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Akka.Actor;
using Akka.Event;
using Faas.Actors.Egress;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Telemetry;

namespace Faas.Actors.Sandboxes;

/// <summary>
/// One sandbox, from its start to its death. The actor is the shell around <see cref="SandboxState"/>: it turns messages into
/// transitions and performs their effects. It never blocks: a task reads the pipe and sends the actor a report once the run is
/// over. When the actor stops, for any reason, the sandbox is killed and a waiting caller gets its outcome.
/// </summary>
[SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable", Justification = "PostStop disposes of the field.")]
public sealed partial class SandboxActor : ReceiveActor, IWithTimers
{
    private const string StartTimer = "start";
    private const string DeadlineTimer = "deadline";
    private const int TrialRuns = 8; // by then, a zygote has tried the libraries of its program, or has given it up

    private readonly ImageKey _image;
    private readonly ISandboxLauncher _launcher;
    private readonly SandboxOptions _options;
    private readonly SandboxMeters? _meters;
    private readonly SandboxDoor _door;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _spawnCancellation = new();
    private readonly long _origin = Stopwatch.GetTimestamp();

    private SandboxState _state = SandboxState.Initial;
    private Task<ISandboxProcess> _spawning = null!;
    private ISandboxProcess? _process;
    private Task _reading = Task.CompletedTask;
    private Task<RunReport>? _run;
    private LiveOutput? _live;
    private uint _runs;
    private Task _binding = Task.CompletedTask; // of a sandbox that was bound before its first run
    private AheadTrust? _ahead; // by which process 1 may execute libraries
    private SandboxOptions _bound; // the options for what the sandbox is bound to
    private (DateTime Began, DateTime Ended) _start = (DateTime.UtcNow, default);

    /// <summary>Use <see cref="Props(ImageKey, ISandboxLauncher, SandboxOptions, SandboxMeters?, IEgressProxy?)"/>.</summary>
    public SandboxActor(
        ImageKey image, ISandboxLauncher launcher, SandboxOptions options, SandboxMeters? meters, IEgressProxy? proxy)
    {
        (_image, _launcher, _options, _bound, _meters, _door) = (image, launcher, options, options, meters, new SandboxDoor(proxy));
        Receive<Spawned>(spawned => OnSpawned(spawned.Process));
        Receive<SpawnFailed>(failed => Perform(_state.SpawnFailed(failed.Why)));
        Receive<RuntimeReady>(_ => Perform(_state.RuntimeReady()));
        Receive<RuntimeNotReady>(failed => Perform(_state.StartBroke(failed.Why)));
        Receive<StartTimedOut>(_ =>
            Perform(_state.StartBroke($"its runtime did not answer within {_options.StartTimeout.TotalSeconds:0.###} s")));
        Receive<Lease>(OnLease);
        Receive<BindSandbox>(bind => OnBind(bind.Run));
        Receive<Bound>(_ => { });
        Receive<NotLimited>(failed =>
        {
            _log.Warning("A sandbox that was bound before its first run is given up: {0}", failed.Why);
            Perform(_state.BindFailed());
        });
        Receive<Returned>(returned => Perform(_state.Returned(returned.RunId, returned.Data, _process!.OomKills, Now)));
        Receive<RunReport>(OnReport);
        Receive<Deadline>(deadline => Perform(_state.Deadline(deadline.RunId, deadline.Limit)));
        Receive<StopRun>(stop => Perform(_state.StopRun(stop.RunId)));
        Receive<CloseSandbox>(_ => Perform(_state.Close()));
        Receive<SandboxExit>(OnExit);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Stopwatch.GetElapsedTime(_origin);

    private KernelCounters Counters => _process?.Counters ?? default;

    // An END frame tells what the run has cost. Only the count of out-of-memory kills is then missing, and each further counter
    // that is read makes the run slower.
    private KernelCounters CountersAfter(RunReport report) =>
        report.Script is null ? Counters : new KernelCounters(_process!.OomKills, TimeSpan.Zero, 0);

    /// <summary>The actor of one sandbox. It starts the sandbox at once and reports to its parent, the pool.</summary>
    public static Props Props(
        ImageKey image, ISandboxLauncher launcher, SandboxOptions options, SandboxMeters? meters = null, IEgressProxy? proxy = null) =>
        Akka.Actor.Props.Create(() => new SandboxActor(image, launcher, options, meters, proxy));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartSingleTimer(StartTimer, StartTimedOut.Instance, _options.StartTimeout);
        _spawning = SpawnAsync();
        _spawning.PipeTo(Self, success: process => new Spawned(process), failure: fault => new SpawnFailed(fault.Message));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _spawnCancellation.Cancel();
        _concurrent?.Abandoned(Now).ToList().ForEach(Perform);
        if (_state.Abandoned(Now) is { } abandoned)
        {
            Finish(abandoned);
        }

        Observe(ReleaseAsync(_spawning, _reading, _door));
        _spawnCancellation.Dispose();
    }

    // The method is async so that a launcher that throws at once fails the task.
    private async Task<ISandboxProcess> SpawnAsync() => await _launcher.StartAsync(_image, _spawnCancellation.Token);

    private void OnSpawned(ISandboxProcess process)
    {
        _process = process;
        process.Exited.PipeTo(Self);
        var ready = ZygotePipe.ReadReadyAsync(process.Output);
        _reading = ready;
        ready.PipeTo(
            Self,
            success: _ => RuntimeReady.Instance,
            failure: fault => new RuntimeNotReady($"its runtime did not come up: {fault.Message}"));
        Perform(_state.Spawned());
    }

    private void Perform(SandboxTransition step)
    {
        _state = step.State;
        foreach (var effect in step.Effects)
        {
            Perform(effect);
        }
    }

    private void OnLease(Lease lease)
    {
        if (lease is { Warmth: Warmth.Cold, Run.Trace: { } trace })
        {
            trace.Started(_start.Began, _start.Ended);
        }

        if (lease.Run.Concurrency > 1 && _state is { Phase: SandboxPhase.Ready, IsBound: false })
        {
            BeginConcurrently(lease);
        }
        else
        {
            Perform(_state.Begin(lease, _process?.CpuUsed ?? TimeSpan.Zero, Now, OomKillsBefore(lease.Run)));
        }
    }

    // A trial of libraries between runs may be killed for its memory.
    private long? OomKillsBefore(Run run) =>
        _runs < TrialRuns && (run.MayExecuteAhead || run.Layer is { IsTrusted: true }) ? _process?.OomKills : null;

    private void OnReport(RunReport report)
    {
        if (_state.EndedByItself(report) is { } exit)
        {
            Distrust(exit);
        }

        Perform(_state.Reported(report, CountersAfter(report), Now));
    }

    private void OnExit(SandboxExit exit)
    {
        if (_state.EndsByItself(exit))
        {
            Distrust(exit);
        }
        else if (_ahead is not null && exit.Stderr.Length > 0)
        {
            _log.Debug("A sandbox of {0} has said: {1}", _state.BoundTo, ScriptOutcome.OneLine(exit.Stderr));
        }

        Perform(_state.Exited(exit, Counters, Now));
    }

    private void Distrust(SandboxExit exit)
    {
        if (_ahead is not null && _ahead.Withdraw())
        {
            _log.Warning(
                "A sandbox whose process 1 may execute the libraries of {0} ahead of runs has ended by itself (status {1}), so each run "
                + "executes them from now on. {2}",
                _state.BoundTo,
                exit.ExitCode,
                ScriptOutcome.OneLine(exit.Stderr));
        }
    }

    private void OnBind(Run run)
    {
        if (run.Concurrency > 1 && _state is { Phase: SandboxPhase.Ready, IsBound: false })
        {
            BindConcurrently(run);
        }
        else
        {
            Perform(_state.Bind(run));
        }
    }

    private void Perform(SandboxEffect effect)
    {
        switch (effect)
        {
            case AnnounceReady:
                Timers.Cancel(StartTimer);
                _meters?.Started(_image, Now);
                _start.Ended = DateTime.UtcNow;
                Context.Parent.Tell(new SandboxReady(_process!.MemoryBytes));
                break;
            case AnnounceFree free:
                EndDeadline();
                Context.Parent.Tell(new SandboxFree(free.RunId, free.Service, MemoryIfDue()));
                break;
            case AnnounceStartFailure failure:
                _meters?.StartFailed(_image, Now);
                Context.Parent.Tell(new SandboxStartFailed(ProcessLimit.Explain(failure.Why)));
                break;
            case BeginRun begin:
                Begin(begin.Lease, begin.Bind);
                break;
            case BindProgram bind:
                _bound = _options.With(bind.Run.Settings);
                _ahead = bind.Run.MayExecuteAhead ? bind.Run.LibrariesAhead : null;
                _reading = _binding = BindAsync(_process!, bind.Run, _bound, _door);
                _binding.PipeTo(Self, success: () => Bound.Instance, failure: fault => new NotLimited(fault.Message));
                break;
            case SendOutcome send:
                Timers.Cancel(DeadlineTimer);
                _meters?.Cost(send.Lease.Run, send.Outcome.Usage);
                Deliver(send.Lease, _live, send.Outcome, _log);
                break;
            case SendValueEarly early:
                early.Lease.ReplyTo.Tell(new RunEnded(early.Lease.Run.RunId, early.Outcome) { CostFollows = true });
                break;
            case SendUsage measured:
                _meters?.Cost(measured.Lease.Run, measured.Usage);
                measured.Lease.Record?.Measured(measured.Usage);
                measured.Lease.ReplyTo.Tell(new RunMeasured(measured.Lease.Run.RunId, measured.Usage));
                break;
            case RejectRun reject:
                Deliver(reject.Lease, null, Outcome.Broken(reject.Why), _log);
                break;
            case FinishWithoutActor apart:
                Finish(apart);
                break;
            case KillProcess:
                _spawnCancellation.Cancel();
                _process?.Kill();
                break;
            case StopSelf:
                Context.Stop(Self);
                break;
            default:
                PerformConcurrent(effect);
                break;
        }
    }

    // A sandbox grows with its first runs. To measure costs time, so it is done after the first, second, fourth, eighth … run.
    private long MemoryIfDue() => BitOperations.IsPow2(++_runs) ? _process!.MemoryBytes : 0;

    private void Begin(Lease lease, bool bind)
    {
        var runId = lease.Run.RunId;
        if (bind)
        {
            _bound = _options.With(lease.Run.Settings);
            _ahead = lease.Run.MayExecuteAhead ? lease.Run.LibrariesAhead : null;
        }

        var limit = lease.Run.Mode == RunMode.Check ? _options.Timeout : _bound.Timeout;
        Timers.StartSingleTimer(DeadlineTimer, new Deadline(runId, limit), limit);
        _live = lease.Run.Stream ? new LiveOutput() : null;
        var self = Self;
        if (_live is not null)
        {
            lease.ReplyTo.Tell(new RunStreaming(runId, lease.Warmth, _live.Source(() => self.Tell(new StopRun(runId)))));
        }

        var reader = new RunReader(_process!, lease.Run, _bound, _door, _live, data => self.Tell(new Returned(runId, data)), _binding);
        lease.Record?.Prints(reader.Log);
        _run = reader.RunAsync(bind);
        _reading = _run;
        _run.PipeTo(Self);
    }

    private static async Task BindAsync(ISandboxProcess process, Run run, SandboxOptions options, SandboxDoor door)
    {
        await process.MakeReadyForAsync(run, options, door);
        FrameWriter.WriteProgram(process.Input, ProgramFrame.Of(run, options));
        await process.Input.FlushAsync();
    }

    private static void Deliver(Lease lease, LiveOutput? live, Outcome outcome, ILoggingAdapter log)
    {
        if (outcome.Reason == Reason.Sandbox)
        {
            log.Warning("Call {0}: {1}", lease.Run.RunId, outcome.Detail);
        }

        if (live is null)
        {
            lease.ReplyTo.Tell(new RunEnded(lease.Run.RunId, outcome));
        }
        else
        {
            live.End(outcome);
        }
    }

    private void Finish(FinishWithoutActor apart) => Observe(FinishAsync(apart, _run!, _process!, _live, _log, _meters));

    private static async Task FinishAsync(
        FinishWithoutActor apart,
        Task<RunReport> reading,
        ISandboxProcess process,
        LiveOutput? live,
        ILoggingAdapter log,
        SandboxMeters? meters)
    {
        process.Kill();
        var exit = await process.Exited;
        var report = await reading;
        var outcome = OutcomeClassifier.Classify(report, apart.Kill, process.Counters.Since(apart.Before), exit);
        meters?.Cost(apart.Lease.Run, outcome.Usage);
        Deliver(apart.Lease, live, apart.Lease.Complete(outcome, apart.Elapsed), log);
    }

    private static async Task ReleaseAsync(Task<ISandboxProcess> spawning, Task reading, SandboxDoor door)
    {
        await ((Task)spawning).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!spawning.IsCompletedSuccessfully)
        {
            return;
        }

        var process = await spawning;
        process.Kill();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await process.DisposeAsync();
        await door.DisposeAsync();
    }

    private void Observe(Task task) => task.LogFault(_log, "A sandbox was not taken down properly");

    private sealed record Spawned(ISandboxProcess Process) : INoSerializationVerificationNeeded;

    private sealed record SpawnFailed(string Why) : INoSerializationVerificationNeeded;

    private sealed record RuntimeReady : INoSerializationVerificationNeeded
    {
        public static RuntimeReady Instance { get; } = new();
    }

    private sealed record RuntimeNotReady(string Why) : INoSerializationVerificationNeeded;

    private sealed record Bound : INoSerializationVerificationNeeded
    {
        public static Bound Instance { get; } = new();
    }

    private sealed record StartTimedOut : INoSerializationVerificationNeeded
    {
        public static StartTimedOut Instance { get; } = new();
    }

    private sealed record Returned(string RunId, ResultData Data) : INoSerializationVerificationNeeded;

    private sealed record Deadline(string RunId, TimeSpan Limit) : INoSerializationVerificationNeeded;
}
