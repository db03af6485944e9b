namespace Faas.Actors.Pool.Scheduler;

/// <summary>The settings of the pool that are in force. The parts of <see cref="PoolState"/> share one, so a change reaches all.</summary>
internal sealed class PoolBounds(PoolOptions options)
{
    private PoolOptions _options = options;

    /// <summary><see cref="PoolOptions.Running"/>.</summary>
    public int Running => _options.Running;

    /// <summary><see cref="PoolOptions.Sandboxes"/>.</summary>
    public int Sandboxes => _options.Sandboxes;

    /// <summary><see cref="PoolOptions.MemoryBytes"/>.</summary>
    public long MemoryBytes => _options.MemoryBytes;

    /// <summary><see cref="PoolOptions.MaxSpares"/>.</summary>
    public int MaxSpares => _options.MaxSpares;

    /// <summary><see cref="PoolOptions.SpareMemoryBytes"/>.</summary>
    public long SpareMemoryBytes => _options.SpareMemoryBytes;

    /// <summary><see cref="PoolOptions.Starts"/>.</summary>
    public int Starts => _options.Starts;

    /// <summary><see cref="PoolOptions.Queue"/>.</summary>
    public int Queue => _options.Queue;

    /// <summary><see cref="PoolOptions.QueueTimeout"/>.</summary>
    public TimeSpan QueueTimeout => _options.QueueTimeout;

    /// <summary><see cref="PoolOptions.IdleTtl"/>.</summary>
    public TimeSpan IdleTtl => _options.IdleTtl;

    /// <summary><see cref="PoolOptions.Processors"/>.</summary>
    public int Processors => _options.Processors;

    /// <summary>Other settings are in force from now on.</summary>
    public void Change(PoolOptions options) => _options = options;
}
