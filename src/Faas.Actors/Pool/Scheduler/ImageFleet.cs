namespace Faas.Actors.Pool.Scheduler;

/// <summary>The sandboxes of one image: how many there are, and the starting and the spare ones, oldest first.</summary>
internal sealed class ImageFleet
{
    private readonly LinkedList<PooledSandbox> _starting = new();
    private readonly LinkedList<PooledSandbox> _spares = new();

    /// <summary>All of them, in any stage.</summary>
    public int Alive { get; private set; }

    /// <summary>How many are starting.</summary>
    public int Starting => _starting.Count;

    /// <summary>How many are spare.</summary>
    public int Spares => _spares.Count;

    /// <summary>The one that has been spare for longest.</summary>
    public PooledSandbox? OldestSpare => _spares.First?.Value;

    /// <summary>The one whose start began first.</summary>
    public PooledSandbox? OldestStarting => _starting.First?.Value;

    /// <summary>The one whose start began last.</summary>
    public PooledSandbox? NewestStarting => _starting.Last?.Value;

    /// <summary>The starting ones, the latest first.</summary>
    public IEnumerable<PooledSandbox> NewestStartingFirst => _starting.Reverse();

    /// <summary>A new sandbox is starting.</summary>
    public void Add(PooledSandbox sandbox)
    {
        Alive++;
        _starting.AddLast(sandbox.Place);
    }

    /// <summary>A sandbox has become a spare.</summary>
    public void AddSpare(PooledSandbox sandbox) => _spares.AddLast(sandbox.Place);

    /// <summary>A sandbox starts no longer.</summary>
    public void RemoveStarting(PooledSandbox sandbox) => _starting.Remove(sandbox.Place);

    /// <summary>A sandbox is a spare no longer.</summary>
    public void RemoveSpare(PooledSandbox sandbox) => _spares.Remove(sandbox.Place);

    /// <summary>A sandbox is gone.</summary>
    public void Remove() => Alive--;
}
