namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// How much of <see cref="PoolOptions.MemoryBytes"/> the living sandboxes hold, and how many more fit.
/// <para>
/// Theory of operation. A sandbox says what it holds when it is ready, and now and then when a run is over. Until then, it is
/// taken for a typical one: the mean of those that became ready lately. One sandbox always fits, however little memory is allowed.
/// </para>
/// </summary>
/// <param name="most">The memory that all sandboxes may hold, in bytes.</param>
internal sealed class MemoryBudget(long most)
{
    // The weight of the newest sandbox in the typical one.
    private const double Weight = 0.2;

    private long _held;
    private long _closing;

    /// <summary>What a new sandbox will hold, as far as it can be foreseen.</summary>
    public long Typical { get; private set; } = GreedyDual.UnknownBytes;

    /// <summary>Whether more is held than may be, even when the closing sandboxes are gone.</summary>
    public bool IsExceeded => _held - _closing > most;

    /// <summary>How many sandboxes may be started now.</summary>
    public long Room => RoomBeside(_held);

    /// <summary>How many sandboxes may be started when the closing ones are gone.</summary>
    public long RoomToCome => RoomBeside(_held - _closing);

    /// <summary>A sandbox is starting.</summary>
    public void Add(PooledSandbox sandbox)
    {
        sandbox.Bytes = Typical;
        _held += Typical;
    }

    /// <summary>A new sandbox has said what it holds; 0: it cannot say.</summary>
    public void MeasureNew(PooledSandbox sandbox, long bytes)
    {
        Typical = bytes > 0 ? Typical + (long)((bytes - Typical) * Weight) : Typical;
        Measure(sandbox, bytes);
    }

    /// <summary>A sandbox has said what it holds; 0: it has not.</summary>
    public void Measure(PooledSandbox sandbox, long bytes)
    {
        if (bytes > 0)
        {
            _held += bytes - sandbox.Bytes;
            sandbox.Bytes = bytes;
        }
    }

    /// <summary>A sandbox was told to end, or will.</summary>
    public void Closing(PooledSandbox sandbox) => _closing += sandbox.Bytes;

    /// <summary>A sandbox is gone.</summary>
    public void Remove(PooledSandbox sandbox)
    {
        _held -= sandbox.Bytes;
        _closing -= sandbox.Stage == FleetStage.Closing ? sandbox.Bytes : 0;
    }

    private long RoomBeside(long held) => held == 0 ? Math.Max(1, most / Typical) : Math.Max(0, (most - held) / Typical);
}
