namespace Faas.Actors.Pool.Scheduler;

/// <summary>The idle sandboxes by what keeping them is worth (<see cref="GreedyDual"/>), the least first.</summary>
internal sealed class KeepOrder
{
    // Before a start of its image was seen.
    private static readonly TimeSpan s_assumedStart = TimeSpan.FromMilliseconds(100);

    private readonly GreedyDual _worth = new();
    private readonly SortedSet<PooledSandbox> _idle = new(Comparer<PooledSandbox>.Create(
        (a, b) => a.Worth != b.Worth ? a.Worth.CompareTo(b.Worth) : a.Number.CompareTo(b.Number)));

    /// <summary>The idle sandboxes, the one that is worth least first.</summary>
    public IEnumerable<PooledSandbox> LeastFirst => _idle;

    /// <summary>The one that is worth least; null: none is idle.</summary>
    public PooledSandbox? Least => _idle.Min;

    /// <summary>A sandbox has become idle, and is valued.</summary>
    public void Add(PooledSandbox sandbox)
    {
        sandbox.Worth = _worth.WorthOf(sandbox.Uses, sandbox.Image.Demand.Start ?? s_assumedStart, sandbox.Bytes);
        _idle.Add(sandbox);
    }

    /// <summary>A sandbox is idle no longer.</summary>
    public void Remove(PooledSandbox sandbox) => _idle.Remove(sandbox);

    /// <summary>An idle sandbox is about to be closed to make room, so all others have aged.</summary>
    public void MakingRoom(PooledSandbox sandbox) => _worth.Closed(sandbox.Worth);
}
