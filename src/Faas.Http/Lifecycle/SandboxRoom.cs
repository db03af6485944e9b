using Faas.Actors.Pool.Scheduler;

namespace Faas.Http.Lifecycle;

/// <summary>How many sandboxes a server that is running has room for: at its start it sets aside descriptors and host user ids.</summary>
/// <param name="Most">The most that it can have of what these settings ask for.</param>
public sealed record SandboxRoom(Func<PoolOptions, int> Most)
{
    /// <summary>As many as the settings ask for.</summary>
    public static SandboxRoom Unbounded { get; } = new(options => options.Sandboxes);

    /// <summary>The settings that the pool can keep, and what the operator may not expect of them; null: nothing.</summary>
    public (PoolOptions Options, string? Notice) Of(PoolOptions wanted)
    {
        var most = Most(wanted);
        return wanted.Sandboxes <= most
            ? (wanted, null)
            : (wanted with { Sandboxes = most },
                $"Faas keeps {most} sandboxes at once, not faas.pool.sandboxes = {wanted.Sandboxes}: it has no more descriptors and host "
                + "user ids until it is started anew");
    }
}
