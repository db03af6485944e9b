namespace Faas.Actors.Pool.Scheduler;

/// <summary>The living sandboxes that are bound to one binding key, and how long they have lately been busy with a run.</summary>
/// <param name="key">The <see cref="Runs.Run.BindingKey"/>.</param>
internal sealed class Binding(string key)
{
    private readonly LinkedList<PooledSandbox> _idle = new();
    private readonly HashSet<PooledSandbox> _roomy = [];
    private readonly RecentMean _service = new();
    private long? _hash;

    /// <summary>The <see cref="Runs.Run.BindingKey"/>.</summary>
    public string Key { get; } = key;

    /// <summary>Stands for the key on other nodes.</summary>
    public long Hash => _hash ??= PoolDigest.HashOf(Key);

    /// <summary>For how many more runs its sandboxes have room.</summary>
    public int FreeSeats => (_idle.Count * Seats) + _roomy.Sum(sandbox => sandbox.Seats - sandbox.Runs.Count);

    /// <summary>The idle ones, the one that was used least recently first.</summary>
    public IReadOnlyCollection<PooledSandbox> Idle => _idle;

    /// <summary>How many of the idle ones are to stay; <see cref="Fleet"/> decides.</summary>
    public int Kept { get; set; }

    /// <summary>How many sandboxes are bound to it, those that were told to end not counted.</summary>
    public int Sandboxes { get; private set; }

    /// <summary>The idle one that was used last; null: none is idle.</summary>
    public PooledSandbox? LastUsedIdle => _idle.Last?.Value;

    /// <summary>
    /// How long a run waits for one of these sandboxes if <paramref name="others"/> wait before it, judged by what
    /// recent runs took; null: no run has ended yet.
    /// </summary>
    public TimeSpan? WaitBehind(int others) => _service.Value is { } service ? service * (others + 1) / (Sandboxes * Seats) : null;

    /// <summary>How many runs each of them may execute at once.</summary>
    public int Seats { get; private set; } = 1;

    /// <summary>One that executes runs and has room for another one; null: there is none. The one with the fewest runs.</summary>
    public PooledSandbox? Roomiest => _roomy.MinBy(sandbox => sandbox.Runs.Count);

    /// <summary>How long its runs have waited since the last of these sandboxes was bound.</summary>
    public WaitDebt Debt { get; } = new();

    /// <summary>One more sandbox is bound to it.</summary>
    /// <param name="seats">How many runs it may execute at once.</param>
    public void Add(int seats)
    {
        Sandboxes++;
        Seats = seats;
        Debt.Clear();
    }

    /// <summary>This sandbox is bound to it no longer.</summary>
    public void Remove(PooledSandbox sandbox)
    {
        Sandboxes--;
        _roomy.Remove(sandbox);
    }

    /// <summary>Looks whether a sandbox has room for another run.</summary>
    public void LookForRoom(PooledSandbox sandbox)
    {
        if (sandbox.HasRoom)
        {
            _roomy.Add(sandbox);
        }
        else
        {
            _roomy.Remove(sandbox);
        }
    }

    /// <summary>A sandbox has become idle.</summary>
    public void AddIdle(PooledSandbox sandbox) => _idle.AddLast(sandbox.IdlePlace);

    /// <summary>A sandbox is idle no longer.</summary>
    public void RemoveIdle(PooledSandbox sandbox) => _idle.Remove(sandbox.IdlePlace);

    /// <summary>A run has kept a sandbox busy for <paramref name="service"/>.</summary>
    public void Served(TimeSpan service) => _service.Measured(service);
}
