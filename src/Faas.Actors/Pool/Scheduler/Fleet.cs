using System.Diagnostics.CodeAnalysis;
using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// The living sandboxes, each in one <see cref="FleetStage"/>.
/// <para>
/// Theory of operation. A sandbox is bound by the first run that has a binding key, and stays bound to it until it
/// is told to end. The idle sandboxes are in the order of their last use and in that of their worth; the starting and spare ones are in the
/// order in which they became that, image by image (<see cref="ImageFleet"/>). A sandbox knows its nodes in these lists, so
/// a question or a change costs hardly more for a thousand sandboxes than for ten. How many may live is bounded by a number and
/// by the memory that they hold (<see cref="MemoryBudget"/>).
/// </para>
/// </summary>
/// <param name="bounds">The bounds.</param>
/// <param name="wishes">How many sandboxes of which binding are to stay.</param>
/// <param name="effects">Receives the starts and the ends that are decided here.</param>
internal sealed class Fleet(PoolBounds bounds, WarmWishes wishes, EffectList effects)
{
    private readonly Dictionary<long, PooledSandbox> _alive = [];
    private readonly LinkedList<PooledSandbox> _idle = new();
    private readonly KeepOrder _keep = new();
    private readonly MemoryBudget _memory = new(bounds);
    private readonly Dictionary<string, Binding> _bindings = [];
    private readonly HashSet<Binding> _roomy = [];

    // Idle sandboxes that are to stay take at most this part of the pool.
    private const int PartToKeep = 2;

    private long _number;
    private int _kept;
    private long _keptBytes;

    /// <summary>All of them, the closing ones included.</summary>
    public IReadOnlyCollection<PooledSandbox> Alive => _alive.Values;

    /// <summary>Sandboxes that may be started now.</summary>
    public int Room => (int)Math.Min(bounds.Sandboxes - _alive.Count, _memory.Room);

    /// <summary>Sandboxes that may be started when those that are told to end are gone.</summary>
    public int RoomToCome => (int)Math.Min(bounds.Sandboxes - _alive.Count + Closing, _memory.RoomToCome);

    /// <summary>Whether the sandboxes that are to stay hold more memory than they may; a single one never does.</summary>
    public bool HoldsTooMuch => _memory.IsExceeded && _alive.Count - Closing > 1;

    /// <summary>Whether more sandboxes are to stay than may, which only a change of the settings can bring about.</summary>
    public bool IsTooLarge => _alive.Count - Closing > bounds.Sandboxes;

    /// <summary>The memory that the sandboxes and their mothers hold.</summary>
    public long HeldBytes => _memory.Held;

    /// <summary>The memory that the sandboxes hold.</summary>
    public long SandboxBytes => _memory.Sandboxes;

    /// <summary>The memory that their mothers hold.</summary>
    public long MotherBytes => _memory.Mothers;

    /// <summary>The memory that they may hold.</summary>
    public long MostBytes => bounds.MemoryBytes;

    /// <summary>Sandboxes that are starting.</summary>
    public int Starting { get; private set; }

    /// <summary>Sandboxes that are ready and bound to nothing.</summary>
    public int Spare { get; private set; }

    /// <summary>Sandboxes that execute a run.</summary>
    public int Busy { get; private set; }

    /// <summary>Sandboxes that are bound and without a run.</summary>
    public int Idle => _idle.Count + _kept;

    /// <summary>Those of them that may be closed for another one.</summary>
    public int IdleForOthers => _idle.Count;

    /// <summary>How many more idle sandboxes may stay, though they are not needed.</summary>
    public int RoomToKeep => _keptBytes < bounds.MemoryBytes / PartToKeep ? (bounds.Sandboxes / PartToKeep) - _kept : 0;

    /// <summary>Sandboxes that are told to end, or failed to start, and are not gone yet.</summary>
    public int Closing { get; private set; }

    /// <summary>Sandboxes that were told to end because another needed their place, so far.</summary>
    public long Evictions { get; private set; }

    /// <summary>The idle one that was used least recently; null: none is idle.</summary>
    public PooledSandbox? LeastRecentlyUsed => _idle.First?.Value;

    /// <summary>The idle ones, the one that is worth least first.</summary>
    public IEnumerable<PooledSandbox> LeastWorthFirst => _keep.LeastFirst;

    /// <summary>The idle one that is worth least; null: none is idle.</summary>
    public PooledSandbox? LeastWorth => _keep.Least;

    /// <summary>The idle one that the binding of this run used last; null: none is idle, or the run has no binding.</summary>
    public PooledSandbox? IdleFor(PooledRun run) =>
        run.BindingKey is { } key ? _bindings.GetValueOrDefault(key)?.LastUsedIdle : null;

    /// <summary>One that executes runs of this run's binding and has room for this one too; null: there is none.</summary>
    public PooledSandbox? RoomFor(PooledRun run) =>
        run.BindingKey is { } key && run.Run.Concurrency > 1 ? _bindings.GetValueOrDefault(key)?.Roomiest : null;

    /// <summary>The bindings with a sandbox that has room for another run.</summary>
    public IReadOnlyCollection<Binding> Roomy => _roomy;

    /// <summary>Whether a sandbox that was not told to end is bound to this key.</summary>
    public bool HasBound(string key) => _bindings.ContainsKey(key);

    /// <summary>The sandboxes that are bound to this key, except those that were told to end; null: there are none.</summary>
    public Binding? BindingOf(string key) => _bindings.GetValueOrDefault(key);

    /// <summary>
    /// For how many more runs the sandboxes of each binding have room, by <see cref="PoolDigest.HashOf"/> of its key; bindings without
    /// room are left out.
    /// </summary>
    public IReadOnlyDictionary<long, int> FreeSeats()
    {
        var free = new Dictionary<long, int>();
        foreach (var binding in _bindings.Values)
        {
            if (binding.FreeSeats > 0)
            {
                free[binding.Hash] = binding.FreeSeats;
            }
        }

        return free;
    }

    /// <summary>How long a run of this binding key waits for a bound sandbox behind others; null: unknown, or none is bound.</summary>
    public TimeSpan? WaitFor(string key, int others) => _bindings.GetValueOrDefault(key)?.WaitBehind(others);

    /// <summary>Finds a living sandbox.</summary>
    public bool TryGet(long number, [NotNullWhen(true)] out PooledSandbox? sandbox) => _alive.TryGetValue(number, out sandbox);

    /// <summary>Starts a sandbox.</summary>
    public void Start(PooledImage image, TimeSpan now)
    {
        var sandbox = new PooledSandbox(_number++, image, now);
        _alive.Add(sandbox.Number, sandbox);
        _memory.Add(sandbox);
        image.Fleet.Add(sandbox);
        Starting++;
        effects.Add(new StartSandbox(sandbox.Number, image.Key));
    }

    /// <summary>A new sandbox has said how much memory it holds; 0: it cannot say.</summary>
    public void MeasureNew(PooledSandbox sandbox, long bytes) => _memory.MeasureNew(sandbox, bytes);

    /// <summary>A sandbox has said how much memory it holds after a run; 0: it has not.</summary>
    public void Measure(PooledSandbox sandbox, long bytes) => _memory.Measure(sandbox, bytes);

    /// <summary>The mothers of sandboxes hold this memory.</summary>
    public void MeasureMothers(long bytes) => _memory.MeasureMothers(bytes);

    /// <summary>A started sandbox is ready, and no promise waits for it.</summary>
    public void KeepSpare(PooledSandbox sandbox, TimeSpan now)
    {
        Enter(sandbox, FleetStage.Spare, now);
        sandbox.Image.Fleet.AddSpare(sandbox);
        Spare++;
    }

    /// <summary>A sandbox gets a run, which binds it if it is not bound yet and the run has a binding key.</summary>
    public void Occupy(PooledSandbox sandbox, PooledRun run, TimeSpan now)
    {
        if (sandbox.Stage != FleetStage.Busy)
        {
            Enter(sandbox, FleetStage.Busy, now);
            Busy++;
        }

        sandbox.Take(run, now);
        if (sandbox.Binding is null && run.BindingKey is { } key)
        {
            Bind(sandbox, key);
            sandbox.BeginTurn(now);
        }

        LookForRoom(sandbox);
    }

    /// <summary>A sandbox is done with a run.</summary>
    public void Release(PooledSandbox sandbox, PooledRun run, TimeSpan service)
    {
        sandbox.Release(run, service);
        LookForRoom(sandbox);
    }

    /// <summary>A sandbox takes no more runs until it has none.</summary>
    public void GiveWay(PooledSandbox sandbox)
    {
        sandbox.GivesWay = true;
        LookForRoom(sandbox);
    }

    /// <summary>A sandbox that executes runs will take no others: it is bound to nothing from now on.</summary>
    public void Retire(PooledSandbox sandbox) => Unbind(sandbox);

    /// <summary>A bound sandbox has no run. It stays if its binding is to keep some, or else until another one needs its place.</summary>
    public void KeepIdle(PooledSandbox sandbox, TimeSpan now)
    {
        Enter(sandbox, FleetStage.Idle, now);
        var binding = sandbox.Binding!;
        binding.AddIdle(sandbox);
        _idle.AddLast(sandbox.Place);
        _keep.Add(sandbox);
        KeepOneMore(binding, sandbox);
    }

    /// <summary>A spare is bound to what this run would bind it to, and stays without a run.</summary>
    public void BindIdle(PooledSandbox spare, Run run, TimeSpan now)
    {
        spare.PrepareFor(run);
        Bind(spare, run.BindingKey!);
        spare.BeginTurn(now);
        KeepIdle(spare, now);
    }

    /// <summary>Another number of idle sandboxes of this binding is to stay than before.</summary>
    public void WishChanged(string? key, TimeSpan now)
    {
        if (key is not null && _bindings.TryGetValue(key, out var binding))
        {
            wishes.Bound(key, binding.Sandboxes);
            foreach (var idle in binding.Idle.ToList())
            {
                KeepIdle(idle, now);
            }
        }
    }

    /// <summary>Tells a sandbox to end, because another needs its place.</summary>
    public void CloseForAnother(PooledSandbox sandbox, TimeSpan now)
    {
        if (sandbox.Stage == FleetStage.Idle)
        {
            _keep.MakingRoom(sandbox);
        }

        Evictions++;
        Close(sandbox, now);
    }

    /// <summary>Tells a sandbox to end.</summary>
    public void Close(PooledSandbox sandbox, TimeSpan now)
    {
        Fail(sandbox, now);
        effects.Add(new SendClose(sandbox.Number));
    }

    /// <summary>A sandbox ends by itself, but is not gone yet.</summary>
    public void Fail(PooledSandbox sandbox, TimeSpan now)
    {
        Enter(sandbox, FleetStage.Closing, now);
        Closing++;
        _memory.Closing(sandbox);
        Unbind(sandbox);
    }

    /// <summary>A sandbox is gone.</summary>
    public void Remove(PooledSandbox sandbox)
    {
        _memory.Remove(sandbox);
        LeaveStage(sandbox);
        Unbind(sandbox);
        _alive.Remove(sandbox.Number);
        sandbox.Image.Fleet.Remove();
    }

    /// <summary>The settings have changed: idle sandboxes that are to stay, though not needed, may now be too many.</summary>
    public void BoundsChanged(TimeSpan now)
    {
        foreach (var kept in _alive.Values.Where(sandbox => sandbox.IsKept).ToList())
        {
            if (!KeepsTooMuch)
            {
                return;
            }

            KeepIdle(kept, now);
        }
    }

    private bool KeepsTooMuch => _kept > bounds.Sandboxes / PartToKeep || _keptBytes > bounds.MemoryBytes / PartToKeep;

    private void Enter(PooledSandbox sandbox, FleetStage stage, TimeSpan now)
    {
        LeaveStage(sandbox);
        sandbox.Enter(stage, now);
        LookForRoom(sandbox);
    }

    private void LookForRoom(PooledSandbox sandbox)
    {
        if (sandbox is { Seats: > 1, Binding: { } binding })
        {
            binding.LookForRoom(sandbox);
            LookForRoom(binding);
        }
    }

    private void LookForRoom(Binding binding)
    {
        if (binding.Roomiest is null)
        {
            _roomy.Remove(binding);
        }
        else
        {
            _roomy.Add(binding);
        }
    }

    private void LeaveStage(PooledSandbox sandbox)
    {
        switch (sandbox.Stage)
        {
            case FleetStage.Starting:
                sandbox.Image.Fleet.RemoveStarting(sandbox);
                Starting--;
                break;
            case FleetStage.Spare:
                sandbox.Image.Fleet.RemoveSpare(sandbox);
                Spare--;
                break;
            case FleetStage.Busy:
                Busy--;
                break;
            case FleetStage.Idle:
                LeaveIdle(sandbox);
                break;
            case FleetStage.Closing:
                Closing--;
                break;
            default:
                throw new InvalidOperationException($"Sandbox {sandbox.Number} is in no stage: {sandbox.Stage}.");
        }
    }

    private void LeaveIdle(PooledSandbox sandbox)
    {
        var binding = sandbox.Binding!;
        binding.RemoveIdle(sandbox);
        if (!sandbox.IsKept)
        {
            _idle.Remove(sandbox.Place);
            _keep.Remove(sandbox);
            return;
        }

        (sandbox.IsKept, binding.Kept) = (false, binding.Kept - 1);
        _kept--;
        _keptBytes -= sandbox.Bytes;
        KeepOneMore(binding, binding.Idle.FirstOrDefault(other => !other.IsKept));
    }

    // An idle sandbox of the binding stays from now on, if one is to.
    private void KeepOneMore(Binding binding, PooledSandbox? idle)
    {
        if (idle is not null && binding.Kept < wishes.For(binding.Key) && RoomToKeep > 0)
        {
            _idle.Remove(idle.Place);
            _keep.Remove(idle);
            (idle.IsKept, binding.Kept) = (true, binding.Kept + 1);
            _kept++;
            _keptBytes += idle.Bytes;
        }
    }

    private void Bind(PooledSandbox sandbox, string key)
    {
        if (!_bindings.TryGetValue(key, out var binding))
        {
            _bindings.Add(key, binding = new Binding(key));
        }

        binding.Add(sandbox.Seats);
        sandbox.Binding = binding;
        wishes.Bound(key, binding.Sandboxes);
    }

    private void Unbind(PooledSandbox sandbox)
    {
        if (sandbox.Binding is not { } binding)
        {
            return;
        }

        binding.Remove(sandbox);
        sandbox.Binding = null;
        wishes.Bound(binding.Key, binding.Sandboxes);
        LookForRoom(binding);
        if (binding.Sandboxes == 0)
        {
            _bindings.Remove(binding.Key);
        }
    }
}
