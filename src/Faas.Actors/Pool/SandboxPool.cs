using Akka.Actor;
using Akka.Event;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Mothers;
using Faas.Actors.Telemetry;

namespace Faas.Actors.Pool;

/// <summary>
/// Owns every sandbox of this node and gives runs to them. It is the shell around <see cref="PoolState"/>: it turns messages
/// into events, performs the effects, and keeps the one timer. Its children are the sandboxes' actors. A child that fails
/// is stopped and replaced, never restarted, because its sandbox is dead.
/// </summary>
public sealed class SandboxPool : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan s_clockWasSet = TimeSpan.FromSeconds(1);

    private readonly PoolState _state;
    private readonly SandboxFactory _factory;
    private readonly PoolMeters? _meters;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ActorPath _replyPath;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<IActorRef, long> _numbers = [];
    private readonly Dictionary<long, IActorRef> _sandboxes = [];
    private readonly List<IActorRef> _drainers = [];

    private DateTimeOffset _wallOrigin;
    private TimeSpan? _armed;
    private int _mothers;

    /// <summary>Use <see cref="Props(PoolOptions, SandboxFactory, TimeProvider?, PoolMeters?)"/>.</summary>
    public SandboxPool(PoolOptions options, SandboxFactory factory, TimeProvider time, PoolMeters? meters)
    {
        (_state, _factory, _meters, _time, _origin) = (new PoolState(options), factory, meters, time, time.GetTimestamp());
        _replyPath = Self.Path / "reply";

        Receive<SubmitRun>(submit => Perform(
            _state.Arrive(new PooledRun(submit.Run, new FirstReply(Sender, _replyPath), submit.Record), Now)));
        Receive<CancelRun>(cancel => Perform(_state.Cancel(cancel.RunId, Now)));
        Receive<SandboxReady>(ready => Perform(FromSandbox((number, now) => _state.Ready(number, ready.MemoryBytes, now))));
        Receive<SandboxFree>(free => Perform(FromSandbox(
            (number, now) => _state.Free(number, free.RunId, free.Service, free.MemoryBytes, now))));
        Receive<SandboxRetired>(_ => Perform(FromSandbox(_state.Retired)));
        Receive<SandboxStartFailed>(OnStartFailed);
        Receive<KeepWarm>(keep => Perform(_state.KeepWarm(keep.Run, Now)));
        Receive<LetGo>(let => Perform(_state.LetGo(let.Path, Now)));
        Receive<MothersHold>(hold =>
        {
            _mothers = hold.Mothers;
            Perform(_state.MothersHold(hold.Bytes, Now));
        });
        Receive<Terminated>(OnTerminated);
        Receive<Tick>(_ =>
        {
            _armed = null;
            Perform(_state.Tick(Now));
        });
        Receive<DrainPool>(drain => Drain(drain.Within, isFinal: true));
        Receive<DrainUntilResumed>(drain => Drain(drain.Within, isFinal: false));
        Receive<ResumePool>(_ => Resume());
        Receive<ChangePool>(change =>
        {
            Perform(_state.Change(change.Options, Now));
            Sender.Tell(PoolChanged.Instance);
        });
        Receive<LookForPlace>(look => Sender.Tell(_state.PlaceFor(look.Run)));
        Receive<GetPoolDigest>(_ => Sender.Tell(_state.Digest));
        Receive<GetPoolStatus>(_ => Sender.Tell(_state.Status));
        Receive<GetPoolView>(_ => Sender.Tell(_state.View(Now) with { Origin = Origin }));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    // The two clocks are never read at the same instant, so their difference is taken once, and anew when the wall clock was set.
    private DateTimeOffset Origin
    {
        get
        {
            var origin = _time.GetUtcNow() - Now;
            return _wallOrigin = (origin - _wallOrigin).Duration() > s_clockWasSet ? origin : _wallOrigin;
        }
    }

    /// <summary>How to make a pool.</summary>
    /// <param name="options">Its bounds.</param>
    /// <param name="factory">Makes the actors of its sandboxes.</param>
    /// <param name="time">Its clock, which must be that of the actor system's scheduler; null: the machine's.</param>
    /// <param name="meters">What it counts; null: nothing.</param>
    public static Props Props(PoolOptions options, SandboxFactory factory, TimeProvider? time = null, PoolMeters? meters = null) =>
        Akka.Actor.Props.Create(() => new SandboxPool(options, factory, time ?? TimeProvider.System, meters));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _meters?.Watch(() => _state.Levels with { Mothers = _mothers });
        Context.System.EventStream.Subscribe<MothersHold>(Self);
        Perform(_state.Begin(Now));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var run in _state.Runs)
        {
            run.Reply.TryReply(new RunEnded(run.RunId, Outcome.Broken("The pool has stopped.")), Self);
        }
    }

    private IReadOnlyList<PoolEffect> FromSandbox(Func<long, TimeSpan, IReadOnlyList<PoolEffect>> happened) =>
        _numbers.TryGetValue(Sender, out var number) ? happened(number, Now) : [];

    private void OnStartFailed(SandboxStartFailed failed)
    {
        _log.Error("{0} did not start: {1}", Sender.Path.Name, failed.Why);
        Perform(FromSandbox((number, now) => _state.StartFailed(number, failed.Why, now)));
    }

    private void Drain(TimeSpan within, bool isFinal)
    {
        _drainers.Add(Sender);
        Perform(_state.Drain(within, Now, isFinal));
    }

    private void Resume()
    {
        if (_state.TryEndDrain(Now) is not { } effects)
        {
            Sender.Tell(new PoolResumed(IsAccepting: false));
            return;
        }

        Sender.Tell(new PoolResumed(IsAccepting: true));
        Answer(new PoolResumed(IsAccepting: true));
        Perform(effects);
    }

    private void Answer(object end)
    {
        _drainers.ForEach(drainer => drainer.Tell(end));
        _drainers.Clear();
    }

    private void OnTerminated(Terminated terminated)
    {
        if (_numbers.Remove(terminated.ActorRef, out var number))
        {
            _log.Debug("{0} is gone", terminated.ActorRef.Path.Name);
            _sandboxes.Remove(number);
            Perform(_state.Lost(number, Now));
        }
    }

    private void Perform(IReadOnlyList<PoolEffect> effects)
    {
        foreach (var effect in effects)
        {
            Perform(effect);
        }

        Arm();
    }

    private void Perform(PoolEffect effect)
    {
        switch (effect)
        {
            case SendLease lease:
                _meters?.Leased(lease.Warmth, lease.Run.Waited);
                lease.Run.Run.Trace?.Leased(lease.Warmth);
                lease.Run.Record?.Leased(lease.Warmth);
                _sandboxes[lease.Sandbox].Tell(new Lease(lease.Run.Run, lease.Run.Reply, lease.Warmth, lease.Run.Record));
                break;
            case SendBind bind:
                _sandboxes[bind.Sandbox].Tell(new BindSandbox(bind.Run));
                break;
            case SendReply reply:
                Reply(reply);
                break;
            case StartSandbox start:
                Start(start);
                break;
            case SendStop stop:
                _sandboxes[stop.Sandbox].Tell(new StopRun(stop.Run.RunId));
                break;
            case SendClose close:
                _sandboxes[close.Sandbox].Tell(CloseSandbox.Instance);
                break;
            case LogVanished vanished:
                _log.Warning("{0} ended while it had no run", PooledSandbox.NameOf(vanished.Image, vanished.Sandbox));
                break;
            case AnnounceDrained:
                Answer(PoolDrained.Instance);
                break;
            default:
                throw new InvalidOperationException($"The pool cannot perform {effect}.");
        }
    }

    private void Start(StartSandbox start)
    {
        var sandbox = Context.Watch(Context.ActorOf(_factory(start.Image), PooledSandbox.NameOf(start.Image, start.Sandbox)));
        _sandboxes.Add(start.Sandbox, sandbox);
        _numbers.Add(sandbox, start.Sandbox);
        _log.Debug("{0} is starting", sandbox.Path.Name);
    }

    private void Reply(SendReply send)
    {
        if (!send.Run.Reply.TryReply(send.Reply, Self))
        {
            return;
        }

        switch (send.Reply)
        {
            case RunRefused refused:
                _meters?.Refused(refused.Why);
                break;
            case RunEnded { Outcome: { Reason: Reason.Sandbox } outcome }:
                _log.Warning("Call {0} of {1} failed: {2}", send.Run.RunId, send.Run.Run.Queue, outcome.Detail);
                break;
        }
    }

    /// <summary>Sets the one timer for the earliest deadline. A timer that is due earlier stays; its tick sets the next one.</summary>
    private void Arm()
    {
        if (_state.NextDeadline is { } due && !(_armed <= due))
        {
            _armed = due;
            var delay = due - Now;
            Timers.StartSingleTimer(nameof(Tick), Tick.Instance, delay > TimeSpan.Zero ? delay : TimeSpan.FromMilliseconds(1));
        }
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }
}
