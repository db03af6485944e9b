using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>
/// One mother, from her start to her death. The actor is the shell around <see cref="MotherState"/>: it turns messages into transitions
/// and performs their effects. When the actor stops, for any reason, the mother is killed, and every order gets its answer.
/// </summary>
[SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable", Justification = "PostStop disposes of the field.")]
public sealed class MotherActor : ReceiveActor, IWithTimers
{
    private const string StartTimer = "start";
    private const string IdleTimer = "idle";
    private const string MeasureTimer = "measure";
    private static readonly TimeSpan s_measureEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_reapDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_lookDelay = TimeSpan.FromMilliseconds(100);

    // Of the time that a start may take, how long she may be silent while she has an order, and how long a fork may take in all. So
    // there is time left in which another mother can be tried.
    private const int SilencesOfStart = 4;
    private const int ForksOfStart = 2;

    private readonly ImageKey _image;
    private readonly IMotherLauncher _launcher;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _mostSilence;
    private readonly TimeSpan _maxIdle;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _startCancellation = new();
    private readonly Dictionary<string, ChildOrder> _orders = [];
    private readonly Dictionary<string, List<ChildConnection>> _connections = [];
    private MotherState _state = MotherState.Initial;
    private long _heard;
    private Task<IMotherProcess> _starting = null!;
    private IMotherProcess? _process;

    /// <summary>Use <see cref="Props(ImageKey, IMotherLauncher, TimeSpan, TimeSpan)"/>.</summary>
    public MotherActor(ImageKey image, IMotherLauncher launcher, TimeSpan patience, TimeSpan maxIdle)
    {
        (_image, _launcher, _patience, _maxIdle) = (image, launcher, patience, maxIdle);
        _mostSilence = patience / SilencesOfStart;
        Receive<Started>(started => OnStarted(started.Process));
        Receive<StartFailed>(failed => Perform(_state.Died(failed.Why)));
        Receive<ChildOrder>(OnOrder);
        Receive<GiveUpOrder>(given => Perform(_state.GiveUp(given.Order.Token)));
        Receive<ChildEnded>(ended => Perform(_state.Ended(ended.Order.Token)));
        Receive<Measure>(_ => Context.Parent.Tell(new MotherHolds(_process!.MemoryBytes)));
        Receive<RetireMother>(_ => Perform(_state.Retire()));
        Receive<MotherWarm>(_ => Perform(_state.Warmed()));
        Receive<ChildForked>(forked => Hear(_state.Forked(forked.Token, forked.Pid)));
        Receive<ForkFailed>(failed => Hear(_state.ForkFailed(failed.Token, failed.Why)));
        Receive<ChildCalled>(called => Perform(_state.Called(called.Connection)));
        Receive<ChildReaped>(reaped => Hear(_state.Reaped(reaped.Pid, reaped.Status)));
        Receive<MotherBroke>(broke => OnBroke(broke.Why));
        Receive<MotherDied>(died => OnDied(WhyDead(died.Exit)));
        Receive<Late>(late => OnLate(late));
        Receive<Idle>(_ => Perform(_state.Retire()));
        Receive<AskAgain>(again => Perform(_state.AskAgain(again.Token)));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor of one mother. It starts her at once and reports to its parent.</summary>
    /// <param name="image">What her sandboxes are.</param>
    /// <param name="launcher">Starts her.</param>
    /// <param name="patience">
    /// How long her start may take, or her word how a child has ended. A fork may take half of it, or a quarter if she is silent.
    /// </param>
    /// <param name="maxIdle">How long she lives without a child and without an order.</param>
    public static Props Props(ImageKey image, IMotherLauncher launcher, TimeSpan patience, TimeSpan maxIdle) =>
        Akka.Actor.Props.Create(() => new MotherActor(image, launcher, patience, maxIdle));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartSingleTimer(StartTimer, new Late(null), _patience);
        _starting = StartAsync();
        _starting.PipeTo(Self, success: process => new Started(process), failure: fault => new StartFailed(fault.Message));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _startCancellation.Cancel();
        if (_state.Phase != MotherPhase.Dead)
        {
            Perform(_state.Died("the server stops"));
        }

        Observe(ReleaseAsync(_starting));
        _startCancellation.Dispose();
    }

    private static string WhyDead(SandboxExit exit) => $"its mother died (status {exit.ExitCode}). {exit.Stderr}".TrimEnd();

    // The method is async so that a launcher that throws at once fails the task.
    private async Task<IMotherProcess> StartAsync() => await _launcher.StartAsync(_image, _startCancellation.Token);

    private void OnStarted(IMotherProcess process)
    {
        _process = process;
        var self = Self;
        process.Listen(happened => self.Tell(happened));
        process.Exited.PipeTo(Self, success: exit => new MotherDied(exit));
        if (_state.Phase == MotherPhase.Dying)
        {
            process.Kill();
        }
    }

    private void OnOrder(ChildOrder order)
    {
        _orders[order.Token] = order;
        Perform(_state.Order(order.Token, order.Walls));
    }

    private void OnBroke(string why)
    {
        _log.Warning("A mother of {0} sandboxes is killed: {1}", _image.Name, why);
        Perform(_state.Broke(why));
    }

    private void OnDied(string why)
    {
        if (_state.Phase is MotherPhase.Starting or MotherPhase.Warm)
        {
            _log.Warning("A mother of {0} sandboxes is gone, and {1} children with her: {2}", _image.Name, _state.Children.Count, why);
        }

        Perform(_state.Died(why));
    }

    private void Hear(MotherTransition step)
    {
        _heard = Stopwatch.GetTimestamp();
        Perform(step);
    }

    private void OnLate(Late late)
    {
        if (late.Token is null)
        {
            OnBroke($"its mother was not warm within {_patience.TotalSeconds:0.###} s");
            return;
        }

        var isFork = _state.Children.GetValueOrDefault(late.Token)?.Phase == ChildPhase.Ordered;
        var silence = Stopwatch.GetElapsedTime(_heard);
        if (isFork && silence < _mostSilence && Stopwatch.GetElapsedTime(late.Since) < _patience / ForksOfStart)
        {
            Timers.StartSingleTimer(late.Token, late, _mostSilence - silence); // she is busy with others
            return;
        }

        var wasOpen = _state.Phase == MotherPhase.Warm;
        Perform(_state.Stalled(late.Token));
        if (wasOpen && _state.Phase != MotherPhase.Warm)
        {
            _log.Warning("A mother of {0} sandboxes is retired: {1} took too long", _image.Name, isFork ? "a fork" : "the end of a child");
        }
    }

    private void Perform(MotherTransition step)
    {
        var wasIdle = _state.IsIdle;
        _state = step.State;
        foreach (var effect in step.Effects)
        {
            Perform(effect);
        }

        if (_state.IsIdle && !wasIdle)
        {
            Timers.StartSingleTimer(IdleTimer, Idle.Instance, _maxIdle);
        }
        else if (!_state.IsIdle && wasIdle)
        {
            Timers.Cancel(IdleTimer);
        }
    }

    private void Perform(MotherEffect effect)
    {
        switch (effect)
        {
            case MotherEffect.AnnounceWarm:
                Timers.Cancel(StartTimer);
                Timers.StartPeriodicTimer(MeasureTimer, Measure.Instance, TimeSpan.Zero, s_measureEvery);
                Context.Parent.Tell(MotherIsWarm.Instance);
                break;
            case MotherEffect.AnnounceRetirement:
                Context.Parent.Tell(MotherRetires.Instance);
                break;
            case MotherEffect.SendFork fork:
                Timers.StartSingleTimer(fork.Token, new Late(fork.Token, Stopwatch.GetTimestamp()), _mostSilence);
                AskLater(fork.Token, s_lookDelay);
                _process!.Send(MotherOrder.Fork(fork.Token, fork.Walls));
                break;
            case MotherEffect.AwaitEnd end:
                Timers.StartSingleTimer(end.Token, new Late(end.Token), _patience);
                break;
            case MotherEffect.SendReap reap:
                _process?.Send(MotherOrder.Reap(reap.Pid));
                break;
            case MotherEffect.ReapLater later:
                AskLater(later.Token, s_reapDelay);
                break;
            case MotherEffect.LookLater later:
                AskLater(later.Token, s_lookDelay);
                break;
            case MotherEffect.Keep keep:
                Keep(keep.Connection);
                break;
            case MotherEffect.HangUp hangUp:
                hangUp.Connection.Dispose();
                break;
            case MotherEffect.Launch launch:
                Launch(launch.Token);
                break;
            case MotherEffect.Refuse refuse:
                Drop(refuse.Token);
                Take(refuse.Token).Refuse(refuse.Why);
                break;
            case MotherEffect.Reroute reroute:
                Context.Parent.Tell(Take(reroute.Token));
                break;
            case MotherEffect.Retry retry:
                Drop(retry.Token);
                Retry(Take(retry.Token), retry.Why);
                break;
            case MotherEffect.Drop drop:
                Drop(drop.Token);
                break;
            case MotherEffect.ReportEnd end:
                ReportEnd(end.Token, end.Status);
                break;
            case MotherEffect.Kill:
                _startCancellation.Cancel();
                _process?.Kill();
                break;
            case MotherEffect.AnnounceDeath:
                Timers.CancelAll();
                Context.Parent.Tell(MotherIsDead.Instance);
                break;
            default:
                throw new InvalidOperationException($"Nobody performs {effect}.");
        }
    }

    private void AskLater(string token, TimeSpan delay) =>
        Timers.StartSingleTimer(LookTimer(token), new AskAgain(token), delay);

    private static string LookTimer(string token) => $"{token} look";

    private ChildOrder Take(string token)
    {
        _orders.Remove(token, out var order);
        return order!;
    }

    private static void Retry(ChildOrder order, string why)
    {
        if (order.TryRetry())
        {
            Context.Parent.Tell(order);
        }
        else
        {
            order.Refuse(why);
        }
    }

    private void Keep(ChildConnection connection)
    {
        if (!_connections.TryGetValue(connection.Token, out var kept))
        {
            _connections[connection.Token] = kept = [];
        }

        kept.Add(connection);
    }

    private void Launch(string token)
    {
        Timers.Cancel(token);
        Timers.Cancel(LookTimer(token));
        _connections.Remove(token, out var both);
        var child = new LaunchedChild(
            both!.Single(one => one.Stream == ChildStream.Frames), both!.Single(one => one.Stream == ChildStream.Stderr));
        if (!_orders[token].TryLaunch(child))
        {
            both!.ForEach(connection => connection.Dispose());
            Perform(_state.Ended(token));
        }
    }

    private void Drop(string token)
    {
        Timers.Cancel(token);
        Timers.Cancel(LookTimer(token));
        if (_connections.Remove(token, out var kept))
        {
            kept.ForEach(connection => connection.Dispose());
        }
    }

    private void ReportEnd(string token, int? status)
    {
        Timers.Cancel(token);
        Timers.Cancel(LookTimer(token));
        if (_orders.Remove(token, out var order))
        {
            order.ReportEnd(status);
        }
    }

    private static async Task ReleaseAsync(Task<IMotherProcess> starting)
    {
        await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully)
        {
            await (await starting).DisposeAsync();
        }
    }

    private void Observe(Task task) => task.LogFault(_log, "A mother was not taken down properly");

    private sealed record Started(IMotherProcess Process) : INoSerializationVerificationNeeded;

    private sealed record StartFailed(string Why) : INoSerializationVerificationNeeded;

    private sealed record Late(string? Token, long Since = 0) : INoSerializationVerificationNeeded;

    private sealed record Idle : INoSerializationVerificationNeeded
    {
        public static Idle Instance { get; } = new();
    }

    private sealed record Measure : INoSerializationVerificationNeeded
    {
        public static Measure Instance { get; } = new();
    }

    private sealed record AskAgain(string Token) : INoSerializationVerificationNeeded;
}
