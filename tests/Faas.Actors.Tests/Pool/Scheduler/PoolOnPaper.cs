using Akka.Actor;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Xunit;
using Patience = Faas.Actors.Pool.Scheduler.Patience;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>
/// A <see cref="PoolState"/> with sandboxes and callers that exist on paper only. It performs the effects the way the
/// actor does, and after each event holds the state against what it has seen itself: nothing here is read from the
/// state but its effects, its status and its next deadline.
/// </summary>
internal sealed class PoolOnPaper
{
    private static readonly ActorPath s_path = ActorPath.Parse("akka://paper/user/pool/reply");

    private PoolOptions _options;
    private readonly PoolState _state;
    private readonly Dictionary<long, PaperSandbox> _alive = [];
    private readonly List<PaperCall> _calls = [];
    private readonly Dictionary<Run, PaperCall> _byInvocation = new(ReferenceEqualityComparer.Instance);
    private readonly List<PaperCall> _waiting = [];

    private PaperSandbox? _becomingReady;
    private readonly Dictionary<ImageKey, int> _failuresInARow = [];
    private readonly Dictionary<string, int> _mostAtOnce = [];
    private readonly Dictionary<string, (string Key, int Count)> _wishes = []; // by path
    private readonly Dictionary<string, int> _mostWished = [];
    private int _mostWishedInAll;
    private bool _failedStarts;
    private PoolOptions? _loosest; // since a change of the settings, until no call is open; null: there was none
    private int _fewestSandboxes;
    private TimeSpan _timersSeen;

    /// <summary>
    /// A pool with these settings: at most <paramref name="size"/> sandboxes, of which <paramref name="running"/>, or else all, may run;
    /// <paramref name="images"/>, if given, take the place of the configured ones.
    /// </summary>
    public PoolOnPaper(
        int size = 2,
        int? running = null,
        long memory = long.MaxValue,
        int node = 0,
        int python = 0,
        int queue = 10,
        TimeSpan? queueTimeout = null,
        TimeSpan? idleTtl = null,
        int maxSpares = 0,
        long spareMemory = 1 << 30,
        int starts = 100,
        int processors = 2,
        IReadOnlyList<(ImageKey Image, int Spares)>? images = null)
    {
        _options = new PoolOptions(running ?? size, size, memory, node, python, maxSpares, spareMemory, starts, queue, queueTimeout
            ?? TimeSpan.FromSeconds(30), idleTtl
            ?? TimeSpan.FromMinutes(5))
        { Processors = processors };
        _fewestSandboxes = size;
        _state = new PoolState(_options, images ?? _options.ConfiguredImages);
        Perform(_state.Begin(Now));
    }

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public PoolStatus Status => _state.Status;

    public PoolView View => _state.View(Now);

    /// <summary>When the timer fires next; null: never, if nothing else happens.</summary>
    public TimeSpan? NextDeadline => _state.NextDeadline;

    public int Images => _state.Images;

    public IReadOnlyList<PaperCall> Calls => _calls;

    public IEnumerable<PaperCall> Waiting => _waiting;

    public IReadOnlyList<PaperSandbox> Alive => [.. _alive.Values.OrderBy(sandbox => sandbox.Number)];

    /// <summary>The sandboxes that the settings in force allow.</summary>
    public int Size => _options.Sandboxes;

    public int Started { get; private set; }

    public int Vanished { get; private set; }

    public bool Draining { get; private set; }

    public int TimesGone { get; private set; }

    public PaperSandbox TheOnly(PaperStage stage) => Assert.Single(Alive, sandbox => sandbox.Stage == stage);

    public PaperCall Invoke(
        string path = "a",
        string? code = null,
        Language language = Language.JavaScript,
        Isolation isolation = Isolation.Process,
        string? id = null,
        RunMode mode = RunMode.Execute,
        int? minWarm = null,
        string? image = null)
    {
        var run = RunOf(id ?? $"call-{_calls.Count}", path, code ?? path, language, isolation, minWarm) with
        {
            Mode = mode,
            Settings = image is null ? null : new RunSettings { Image = image },
        };
        var call = new PaperCall(run, Now);
        NoteWish(call.Run);
        _calls.Add(call);
        _byInvocation.Add(call.Run, call);
        _waiting.Add(call);
        NoteHowManyAtOnce(call);
        Perform(_state.Arrive(new PooledRun(call.Run, new FirstReply(call, s_path)), Now));
        return call;
    }

    /// <summary>A new version wishes to have so many sandboxes bound.</summary>
    public void KeepWarm(
        int count, string path = "a", string? code = null, Language language = Language.JavaScript, Isolation isolation = Isolation.Process)
    {
        var run = RunOf("version", path, code ?? path, language, isolation, count);
        NoteWish(run);
        Perform(_state.KeepWarm(run, Now));
    }

    public void LetGo(string path)
    {
        _wishes.Remove(path);
        Perform(_state.LetGo(path, Now));
    }

    /// <summary>The sandboxes that are bound and wished for, by what is wished for them.</summary>
    public IReadOnlyList<(int Wished, int Bound)> Wishes => [.. WishedKeys.Select(key => (WishOf(key), BoundTo(key)))];

    /// <summary>Whether all that was ever wished at one time may be kept, so that nothing of it is closed.</summary>
    public bool CanKeepAll => _mostWishedInAll <= _fewestSandboxes / 2 && _options.MemoryBytes == long.MaxValue;

    public PaperSandbox Ready(PaperSandbox sandbox, long bytes = 0)
    {
        _becomingReady = sandbox;
        if (sandbox.Stage == PaperStage.Starting)
        {
            _failuresInARow.Remove(sandbox.Image);
        }

        sandbox.Stage = sandbox.Stage == PaperStage.Starting ? PaperStage.Spare : sandbox.Stage;
        sandbox.Bytes = bytes > 0 ? bytes : sandbox.Bytes;
        Perform(_state.Ready(sandbox.Number, bytes, Now));
        return sandbox;
    }

    /// <summary>Whatever is starting becomes ready, oldest first, whatever starts meanwhile included.</summary>
    public void AllReady()
    {
        while (Alive.FirstOrDefault(sandbox => sandbox.Stage == PaperStage.Starting) is { } sandbox)
        {
            Ready(sandbox);
        }
    }

    /// <summary>The sandbox answers its call; then it is free, or, if it served the one call of its life, dies.</summary>
    public void Finish(PaperCall call, TimeSpan? after = null, long bytes = 0)
    {
        var sandbox = call.Sandbox!;
        Now += after ?? TimeSpan.Zero;
        call.Reply!.Tell(new RunEnded(call.Run.RunId, new Outcome(Reason.Ok)), ActorRefs.Nobody);
        if (call.Run.Isolation == Isolation.Sandbox)
        {
            Die(sandbox);
            return;
        }

        sandbox.Bytes = bytes > 0 ? bytes : sandbox.Bytes;
        Release(sandbox, call);
        if (sandbox.Stage == PaperStage.Busy)
        {
            sandbox.Stage = PaperStage.Idle;
        }

        Perform(_state.Free(sandbox.Number, call.Run.RunId, Now - call.Dispatched, bytes, Now));
    }

    /// <summary>The sandbox says that it is free for the next call, whatever it served.</summary>
    public void SayFree(PaperSandbox sandbox)
    {
        var call = sandbox.Call!;
        Release(sandbox, call);
        Perform(_state.Free(sandbox.Number, call.Run.RunId, TimeSpan.Zero, 0, Now));
    }

    public void FailStart(PaperSandbox sandbox, string why = "no room")
    {
        CountFailure(sandbox);
        sandbox.Stage = PaperStage.Closing;
        Perform(_state.StartFailed(sandbox.Number, why, Now));
    }

    public void Die(PaperSandbox sandbox)
    {
        if (sandbox.Stage == PaperStage.Starting)
        {
            CountFailure(sandbox);
        }

        _alive.Remove(sandbox.Number);
        if (sandbox.Call is { } call)
        {
            Release(sandbox, call);
        }

        Perform(_state.Lost(sandbox.Number, Now));
    }

    public void MothersHold(long bytes) => Perform(_state.MothersHold(bytes, Now));

    /// <summary>Whatever was told to end is gone, whatever is told so meanwhile included.</summary>
    public void AllClosed()
    {
        while (Alive.FirstOrDefault(sandbox => sandbox.Stage == PaperStage.Closing) is { } sandbox)
        {
            Die(sandbox);
        }
    }

    public void Cancel(PaperCall call) => Perform(_state.Cancel(call.Run.RunId, Now));

    public void Drain(TimeSpan within)
    {
        Draining = true;
        Perform(_state.Drain(within, Now));
    }

    public void DrainUntilResumed(TimeSpan within)
    {
        Draining = true;
        Perform(_state.Drain(within, Now, isFinal: false));
    }

    /// <summary>The drain ends.</summary>
    public void Resume()
    {
        Draining = false;
        Perform(_state.TryEndDrain(Now)!);
    }

    /// <summary>Other settings come into force; what the pool has accepted may stay beyond them until it is over.</summary>
    public void Change(Func<PoolOptions, PoolOptions> change)
    {
        var (before, now) = (_loosest ?? _options, change(_options));
        _loosest = now with
        {
            Sandboxes = Math.Max(Math.Max(before.Sandboxes, now.Sandboxes), _alive.Count),
            Running = Math.Max(before.Running, now.Running),
            Queue = Math.Max(before.Queue, now.Queue),
        };
        (_options, _fewestSandboxes) = (now, Math.Min(_fewestSandboxes, now.Sandboxes));
        Perform(_state.Change(now, Now));
    }

    /// <summary>A timer fires now, whether it is due or not.</summary>
    public void Tick()
    {
        Perform(_state.Tick(Now));
        Assert.True(NextDeadline is not { } next || next > Now, "A tick did not do what was due.");
    }

    /// <summary>Time passes, and the timer fires whenever it would.</summary>
    public void Pass(TimeSpan time)
    {
        var until = Now + time;
        while (NextDeadline is { } due && due <= until)
        {
            Now = due > Now ? due : Now;
            Tick();
        }

        Now = _timersSeen = until;
        var coming = _alive.Values.Count(sandbox => sandbox.Stage is PaperStage.Starting or PaperStage.Closing);
        var impatient = _waiting.Count(call => !MayBePatient(call));
        var permits = _options.Running - _alive.Values.Count(sandbox => sandbox.Stage == PaperStage.Busy);
        if (time >= Turns.Length && !_failedStarts && _loosest is null
            && _alive.Count == _options.Sandboxes && impatient > coming && permits > coming)
        {
            Assert.DoesNotContain(
                _alive.Values,
                sandbox => sandbox.Stage == PaperStage.Spare || (sandbox.Stage == PaperStage.Idle && WishOf(sandbox.Code) == 0));
        }
    }

    /// <summary>Time passes unseen: no timer fires, however long it is.</summary>
    public void Skip(TimeSpan time) => Now += time;

    private static Run RunOf(string id, string path, string code, Language language, Isolation isolation, int? minWarm) => new(
        id, path, ScriptCode.Of(language, code), RunMode.Execute, isolation, "{}"u8.ToArray(), Stream: false, MinWarm: minWarm);

    private IEnumerable<string> WishedKeys => _wishes.Values.Select(wish => wish.Key).Distinct();

    private int BoundTo(string? key) => _alive.Values.Count(sandbox => sandbox.Code == key && sandbox.Stage != PaperStage.Closing);

    private int WishOf(string? key) => _wishes.Values.Where(wish => wish.Key == key).Select(wish => wish.Count).DefaultIfEmpty().Max();

    private void NoteWish(Run run)
    {
        if (run.MinWarm is not { } count || Draining)
        {
            return;
        }

        _wishes.Remove(run.Queue);
        if (count > 0 && run.BindingKey is { } key)
        {
            _wishes[run.Queue] = (key, count);
            _mostWished[key] = Math.Max(_mostWished.GetValueOrDefault(key), count);
        }

        _mostWishedInAll = Math.Max(_mostWishedInAll, WishedKeys.Sum(WishOf));
    }

    private void CountFailure(PaperSandbox sandbox)
    {
        _failedStarts = true;
        _failuresInARow[sandbox.Image] = _failuresInARow.GetValueOrDefault(sandbox.Image) + 1;
    }

    private static void Release(PaperSandbox sandbox, PaperCall call) => (sandbox.Call, call.Running) = (null, false);

    private void Perform(IReadOnlyList<PoolEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case StartSandbox start:
                    Started++;
                    var held = _alive.Values.Sum(sandbox => sandbox.Bytes);
                    Assert.True(held == 0 || held < _options.MemoryBytes, $"{held} bytes are held, and one more is started.");
                    MayStart(start.Image);
                    _alive.Add(start.Sandbox, new PaperSandbox(start.Sandbox, start.Image) { StartedAt = Now });
                    break;
                case SendLease lease:
                    Dispatch(lease);
                    break;
                case SendBind bind:
                    Bind(_alive[bind.Sandbox], bind.Run);
                    break;
                case SendReply send:
                    _waiting.Remove(_byInvocation[send.Run.Run]);
                    send.Run.Reply.TryReply(send.Reply, ActorRefs.Nobody);
                    break;
                case SendClose close:
                    var closed = _alive[close.Sandbox];
                    Assert.True(closed.Stage != PaperStage.Closing && closed.Call is null, $"{closed} was closed.");
                    closed.Stage = PaperStage.Closing;
                    Assert.True(
                        !CanKeepAll || Draining || WishOf(closed.Code) <= BoundTo(closed.Code),
                        $"{closed} was closed, though it is wished for.");
                    break;
                case SendStop stop:
                    var stopped = Assert.IsType<PaperCall>(_alive[stop.Sandbox].Call);
                    Assert.Same(stop.Run.Run, stopped.Run);
                    Assert.False(stopped.StopAsked, "Stopped twice.");
                    stopped.StopAsked = true;
                    break;
                case LogVanished:
                    Vanished++;
                    break;
                case AnnounceDrained:
                    Assert.Empty(_alive);
                    TimesGone++;
                    break;
                default:
                    Assert.Fail($"Unknown effect {effect}");
                    break;
            }
        }

        _becomingReady = null;
        Verify();
    }

    private void Dispatch(SendLease lease)
    {
        var sandbox = _alive[lease.Sandbox];
        var call = _byInvocation[lease.Run.Run];
        Assert.Contains(call, _waiting);
        Assert.True(call.CanUse(sandbox), $"{call} does not fit {sandbox}.");
        var (isWarm, isFresh) = (sandbox.Code is not null, sandbox == _becomingReady);
        Assert.True(
            lease.Warmth switch
            {
                Warmth.Warm => isWarm,
                Warmth.Cold => !isWarm && isFresh,
                _ => !isWarm && (!isFresh || call.WasPatient),
            },
            $"{sandbox} is {lease.Warmth} for {call}.");

        // A failed start may let those pass who have no other hope; who waited for its own code let others of its path pass.
        var passed = _waiting.TakeWhile(other => other != call).FirstOrDefault(other => other.Run.Queue == call.Run.Queue
            && other.CanUse(sandbox)
            && (other.Key == call.Key || !other.WasPatient));
        Assert.True(passed is null || _failedStarts, $"{call} has overtaken {passed} to {sandbox}.");

        _waiting.Remove(call);
        (sandbox.Stage, sandbox.Call) = (PaperStage.Busy, call);
        sandbox.Code ??= call.Key;
        sandbox.Used = true;
        (call.Sandbox, call.Warmth, call.Dispatched, call.Reply, call.Running) = (sandbox, lease.Warmth, Now, lease.Run.Reply, true);
    }

    private void Bind(PaperSandbox sandbox, Run run)
    {
        Assert.True(sandbox is { Stage: PaperStage.Spare, Code: null, Used: false } && !Draining, $"{sandbox} was bound.");
        Assert.Equal(run.Image, sandbox.Image);
        (sandbox.Stage, sandbox.Code) = (PaperStage.Idle, run.BindingKey!);
        Assert.InRange(BoundTo(sandbox.Code), 1, WishOf(sandbox.Code));
    }

    // There is a sandbox of its code that it may be waiting for alone, and no timer has had the time to end that.
    private bool MayBePatient(PaperCall call) =>
        call.Key is not null
        && _timersSeen - call.Arrived < Patience.Longest
        && _alive.Values.Any(sandbox => sandbox.Stage == PaperStage.Busy && sandbox.Code == call.Key);

    // No more start at once than may, except where those of other images are slow.
    private void MayStart(ImageKey image)
    {
        var starting = _alive.Values.Where(sandbox => sandbox.Stage == PaperStage.Starting).ToList();
        var isHeldUp = starting.Any(sandbox => sandbox.StartedAt + StartPlaces.Slow <= Now)
            && starting.All(sandbox => sandbox.Image != image);
        Assert.True(starting.Count < (isHeldUp ? 2 : 1) * _options.Starts, $"{starting.Count} start, and one more.");
    }

    private void NoteHowManyAtOnce(PaperCall call)
    {
        if (call.Key is { } key)
        {
            var atOnce = _waiting.Count(other => other.Key == key) + _alive.Values.Count(sandbox => sandbox.Call?.Key == key);
            _mostAtOnce[key] = Math.Max(_mostAtOnce.GetValueOrDefault(key), atOnce);
        }
    }

    private bool IsIdleForNobody(PaperSandbox sandbox) =>
        sandbox.Stage == PaperStage.Idle && _waiting.All(call => call.Key != sandbox.Code);

    private void Verify()
    {
        if (_waiting.Count == 0 && _alive.Values.All(sandbox => sandbox.Stage is PaperStage.Spare or PaperStage.Idle))
        {
            _loosest = null;
        }

        var most = _loosest ?? _options;
        _waiting.Where(MayBePatient).ToList().ForEach(call => call.WasPatient = true);
        var counts = _alive.Values.CountBy(sandbox => sandbox.Stage).ToDictionary();
        int Count(PaperStage stage) => counts.GetValueOrDefault(stage);
        var coming = Count(PaperStage.Starting) + Count(PaperStage.Closing);
        var free = most.Sandboxes - _alive.Count + Count(PaperStage.Spare) + Count(PaperStage.Idle);

        // For the runs that are executed next, whether they were promised a sandbox or not.
        var permits = _options.Running - Count(PaperStage.Busy);

        Assert.True(Count(PaperStage.Busy) <= most.Running, $"{Count(PaperStage.Busy)} run, allowed are {most.Running}.");
        Assert.True(_alive.Count <= most.Sandboxes, $"{_alive.Count} sandboxes in a pool of {most.Sandboxes}.");
        Assert.Equal(
            (Count(PaperStage.Starting), Count(PaperStage.Spare), Count(PaperStage.Idle), Count(PaperStage.Busy), _waiting.Count),
            (Status.Starting, Status.Spare, Status.Idle, Status.Busy, Status.Waiting));
        Assert.Equal(_failuresInARow.Values.DefaultIfEmpty().Max(), Status.FailedStarts);
        Assert.Equal(_failuresInARow.Count == 0, Status.LastStartError is null);
        var places = most.Queue + Math.Min(coming + free, most.Running - Count(PaperStage.Busy));
        Assert.True(_waiting.Count <= places, $"{_waiting.Count} wait, {coming} are coming.");
        Assert.True(
            !Draining || Count(PaperStage.Spare) + _alive.Values.Count(IsIdleForNobody) == 0, "A draining pool keeps what nobody needs.");
        Assert.DoesNotContain(
            _loosest is null && (_options.Running >= _options.Sandboxes || permits > _waiting.Count) ? _waiting : [],
            call => _alive.Values.Any(sandbox => call.CanUse(sandbox) && (sandbox.Code is not null || !MayBePatient(call))));
        if (_waiting.Count(call => !MayBePatient(call)) > coming && !_failedStarts && Count(PaperStage.Starting) < _options.Starts)
        {
            Assert.True(
                _alive.Count >= _options.Sandboxes || permits <= coming || _options.MemoryBytes < long.MaxValue,
                $"{string.Join("; ", _waiting)} wait though there is room beside {string.Join("; ", _alive.Values)} in a pool of {_options.Sandboxes}.");
        }

        Assert.DoesNotContain(_waiting, call => call.Answers.Count > 0);
        Assert.All(
            _alive.Values.Where(sandbox => sandbox is { Code: not null, Stage: not PaperStage.Closing }).CountBy(sandbox => sandbox.Code!),
            code => Assert.InRange(
                code.Value, 1, Math.Max(_mostAtOnce.GetValueOrDefault(code.Key), _mostWished.GetValueOrDefault(code.Key))));
    }
}

internal enum PaperStage
{
    Starting,
    Spare,
    Busy,
    Idle,
    Closing,
}

internal sealed class PaperSandbox(long number, ImageKey image)
{
    public long Number { get; } = number;

    public ImageKey Image { get; } = image;

    public Runtime Runtime => Image.Runtime;

    public PaperStage Stage { get; set; }

    public required TimeSpan StartedAt { get; init; }

    /// <summary>What it has last said that it holds.</summary>
    public long Bytes { get; set; }

    public string? Code { get; set; }

    public bool Used { get; set; }

    public PaperCall? Call { get; set; }

    public override string ToString() => $"{Image.Name}-{Number} ({Stage}, {Code?[..16] ?? "unbound"})";
}

internal sealed class PaperCall(Run run, TimeSpan arrived) : ICanTell
{
    public Run Run { get; } = run;

    public string? Key { get; } = run.BindingKey;

    public TimeSpan Arrived { get; } = arrived;

    public TimeSpan Dispatched { get; set; }

    public TimeSpan Waited => Dispatched - Arrived;

    public PaperSandbox? Sandbox { get; set; }

    public Warmth? Warmth { get; set; }

    public FirstReply? Reply { get; set; }

    public bool Running { get; set; }

    public bool WasPatient { get; set; }

    public bool StopAsked { get; set; }

    public List<IRunReply> Answers { get; } = [];

    public IRunReply? Answer => Answers.SingleOrDefault();

    public RefusalReason? Refused => (Answer as RunRefused)?.Why;

    public Outcome? Outcome => (Answer as RunEnded)?.Outcome;

    public void Tell(object message, IActorRef sender)
    {
        Answers.Add((IRunReply)message);
        Assert.True(Answers.Count == 1, $"{this} was answered by {string.Join(" and ", Answers)}.");
    }

    public bool CanUse(PaperSandbox sandbox) =>
        sandbox.Stage is PaperStage.Spare or PaperStage.Idle
        && sandbox.Image == Run.Image
        && (Run.Isolation == Isolation.Sandbox
            ? !sandbox.Used && sandbox.Code is null
            : sandbox.Code is null ? !sandbox.Used : sandbox.Code == Key);

    public override string ToString() => $"{Run.RunId} of {Run.Queue} ({Run.Code.Language}, {Run.Isolation})";
}
