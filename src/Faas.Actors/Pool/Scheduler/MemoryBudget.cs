namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// How much of <see cref="PoolOptions.MemoryBytes"/> the living sandboxes and their mothers hold, and how many more sandboxes fit.
/// <para>
/// Theory of operation. A sandbox says what it holds when it is ready, and now and then when a run is over. Until then, it is
/// taken for a typical one: the mean of those that became ready lately. What the mothers hold is measured
/// every second; it contains what the kernel charges to a mother for each of her sandboxes. One sandbox always fits, however little
/// memory is allowed.
/// </para>
/// </summary>
/// <param name="bounds">The memory that all sandboxes may hold.</param>
internal sealed class MemoryBudget(PoolBounds bounds)
{
    // The weight of the newest sandbox in the typical one.
    private const double Weight = 0.2;

    private long _sandboxes;
    private long _mothers;
    private long _closing;

    /// <summary>What a new sandbox will hold, as far as it can be foreseen.</summary>
    public long Typical { get; private set; } = GreedyDual.UnknownBytes;

    /// <summary>What the sandboxes hold now, the closing ones included.</summary>
    public long Sandboxes => _sandboxes;

    /// <summary>What the mothers hold now.</summary>
    public long Mothers => _mothers;

    /// <summary>What is held now, by sandboxes that are closing, too.</summary>
    public long Held => _sandboxes + _mothers;

    /// <summary>Whether more is held than may be, even when the closing sandboxes are gone.</summary>
    public bool IsExceeded => Held - _closing > bounds.MemoryBytes;

    /// <summary>How many sandboxes may be started now.</summary>
    public long Room => RoomBeside(_sandboxes);

    /// <summary>How many sandboxes may be started when the closing ones are gone.</summary>
    public long RoomToCome => RoomBeside(_sandboxes - _closing);

    /// <summary>A sandbox is starting.</summary>
    public void Add(PooledSandbox sandbox)
    {
        sandbox.Bytes = Typical;
        _sandboxes += Typical;
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
            _sandboxes += bytes - sandbox.Bytes;
            sandbox.Bytes = bytes;
        }
    }

    /// <summary>The mothers hold this memory.</summary>
    public void MeasureMothers(long bytes) => _mothers = bytes;

    /// <summary>A sandbox was told to end, or will.</summary>
    public void Closing(PooledSandbox sandbox) => _closing += sandbox.Bytes;

    /// <summary>A sandbox is gone.</summary>
    public void Remove(PooledSandbox sandbox)
    {
        _sandboxes -= sandbox.Bytes;
        _closing -= sandbox.Stage == FleetStage.Closing ? sandbox.Bytes : 0;
    }

    private long RoomBeside(long sandboxes) => Math.Max(sandboxes == 0 ? 1 : 0, (bounds.MemoryBytes - _mothers - sandboxes) / Typical);
}
