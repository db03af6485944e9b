using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes;
using Faas.Actors.Scripts;
using Faas.Actors.Threads;

namespace Faas.Actors.Pool;

/// <summary>
/// Owns every sandbox of this node and gives calls to them. The shell around <see cref="PoolState"/>: it turns messages
/// into events, performs the effects, and keeps the one timer. Its children are the sandboxes' actors; one that fails is
/// stopped and replaced, never restarted, because what it stood for is dead.
/// </summary>
public sealed class SandboxPool : ReceiveActor, IWithTimers
{
    private readonly PoolState _state;
    private readonly SandboxFactory _factory;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ActorPath _replyPath;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<IActorRef, long> _numbers = [];
    private readonly Dictionary<long, IActorRef> _sandboxes = [];
    private readonly List<IActorRef> _drainers = [];

    private TimeSpan? _armed;

    /// <summary>Use <see cref="Props(PoolOptions, SandboxFactory, TimeProvider?)"/>.</summary>
    public SandboxPool(PoolOptions options, SandboxFactory factory, TimeProvider time)
    {
        (_state, _factory, _time, _origin) = (new PoolState(options), factory, time, time.GetTimestamp());
        _replyPath = Self.Path / "reply";

        Receive<SubmitRun>(invoke => Perform(_state.Arrive(new PooledRun(invoke.Run, new FirstReply(Sender, _replyPath)), Now)));
        Receive<CancelRun>(cancel => Perform(_state.Cancel(cancel.RunId, Now)));
        Receive<SandboxReady>(ready => Perform(FromSandbox((number, now) => _state.Ready(number, ready.MemoryBytes, now))));
        Receive<SandboxFree>(free => Perform(FromSandbox((number, now) => _state.Free(number, free.RunId, free.Service, now))));
        Receive<SandboxStartFailed>(OnStartFailed);
        Receive<Terminated>(OnTerminated);
        Receive<Tick>(_ =>
        {
            _armed = null;
            Perform(_state.Tick(Now));
        });
        Receive<DrainPool>(drain =>
        {
            _drainers.Add(Sender);
            Perform(_state.Drain(drain.Within, Now));
        });
        Receive<GetPoolStatus>(_ => Sender.Tell(_state.Status));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>How to make a pool.</summary>
    /// <param name="options">Its bounds.</param>
    /// <param name="factory">What makes its sandboxes.</param>
    /// <param name="time">Its clock, which must be that of the actor system's scheduler; null: the machine's.</param>
    public static Props Props(PoolOptions options, SandboxFactory factory, TimeProvider? time = null) =>
        Akka.Actor.Props.Create(() => new SandboxPool(options, factory, time ?? TimeProvider.System));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void PreStart() => Perform(_state.Begin(Now));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var call in _state.Calls)
        {
            call.Reply.TryAnswer(new RunEnded(call.RunId, Outcome.Broken("The pool has stopped.")), Self);
        }
    }

    private IReadOnlyList<PoolEffect> FromSandbox(Func<long, TimeSpan, IReadOnlyList<PoolEffect>> happened) =>
        _numbers.TryGetValue(Sender, out var number) ? happened(number, Now) : [];

    private void OnStartFailed(SandboxStartFailed failed)
    {
        _log.Error("{0} did not start: {1}", Sender.Path.Name, failed.Why);
        Perform(FromSandbox((number, now) => _state.StartFailed(number, failed.Why, now)));
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
            case DispatchCall dispatch:
                _sandboxes[dispatch.Sandbox].Tell(new Lease(dispatch.Call.Run, dispatch.Call.Reply, dispatch.Warmth));
                break;
            case AnswerCall answer:
                Answer(answer);
                break;
            case StartSandbox start:
                Start(start);
                break;
            case StopCall stop:
                _sandboxes[stop.Sandbox].Tell(new StopRun(stop.Call.RunId));
                break;
            case CloseUnneeded close:
                _sandboxes[close.Sandbox].Tell(CloseSandbox.Instance);
                break;
            case SandboxVanished vanished:
                _log.Warning("{0} ended while it served nobody", NameOf(vanished.Runtime, vanished.Sandbox));
                break;
            case AllGone:
                _drainers.ForEach(drainer => drainer.Tell(PoolDrained.Instance));
                _drainers.Clear();
                break;
            default:
                throw new InvalidOperationException($"Nobody performs {effect}.");
        }
    }

    private void Start(StartSandbox start)
    {
        var sandbox = Context.Watch(Context.ActorOf(_factory(start.Runtime), NameOf(start.Runtime, start.Sandbox)));
        _sandboxes.Add(start.Sandbox, sandbox);
        _numbers.Add(sandbox, start.Sandbox);
        _log.Debug("{0} is starting", sandbox.Path.Name);
    }

    private void Answer(AnswerCall answer)
    {
        if (answer.Call.Reply.TryAnswer(answer.Reply, Self) && answer.Reply is RunEnded { Outcome: { Reason: Reason.Sandbox } outcome })
        {
            _log.Warning("Call {0} of {1} failed: {2}", answer.Call.RunId, answer.Call.Run.Queue, outcome.Detail);
        }
    }

    /// <summary>One timer, for the earliest deadline; one that is due earlier already will set the next when it fires.</summary>
    private void Arm()
    {
        if (_state.NextDeadline is { } due && !(_armed <= due))
        {
            _armed = due;
            var delay = due - Now;
            Timers.StartSingleTimer(nameof(Tick), Tick.Instance, delay > TimeSpan.Zero ? delay : TimeSpan.FromMilliseconds(1));
        }
    }

    private static string NameOf(Runtime runtime, long number) => $"{(runtime == Runtime.Python ? "python" : "node")}-{number}";

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }
}

/// <summary>Wiring.</summary>
public static class SandboxPoolHosting
{
    /// <summary>On whose threads the pool and its sandboxes run: those of who talks to them.</summary>
    internal const string Dispatcher = "calls-dispatcher";

    private static readonly Config s_dispatcher = ConfigurationFactory.ParseString(
        $$"""
        {{Dispatcher}} {
          type = Dispatcher
          executor = "{{typeof(CallerThreadExecutorConfigurator).AssemblyQualifiedName}}"
        }
        """);

    /// <summary>Starts the pool under the key <see cref="SandboxPool"/>: endpoints take <c>IRequiredActor&lt;SandboxPool&gt;</c>.</summary>
    public static AkkaConfigurationBuilder AddSandboxPool(this AkkaConfigurationBuilder builder, PoolOptions options, SandboxFactory factory) => builder
        .AddHocon(s_dispatcher, HoconAddMode.Append)
        .WithActors((system, registry) => registry.Register<SandboxPool>(system.ActorOf(
            SandboxPool.Props(options, runtime => factory(runtime).WithDispatcher(Dispatcher)).WithDispatcher(Dispatcher), "pool")));
}
