using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;

namespace Faas.Actors.Placement;

/// <summary>
/// Chooses the node that executes a run.
/// <para>
/// Theory of operation. The order is: a bound sandbox here; one on another node; a spare here; one on another node; a free permit here; one
/// on another node; and at last the node where fewest runs wait for each permit, which is another one only if it has clearly less to do.
/// Of several nodes that would do, the least loaded is taken. What other nodes have is known from their news, which come twice a second.
/// Between two news, this node counts the runs that it has sent to the other one: else all runs of half a second would go to its one free
/// seat. If the news were wrong, the run waits in the other node's pool as it would here.
/// </para>
/// Safe from any thread.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class OtherPools(TimeProvider time)
{
    /// <summary>A node that has told nothing for so long gets no runs.</summary>
    public static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(5);

    // In runs for each permit: a queue elsewhere must be shorter by so much before a run is sent to its end.
    private const double Margin = 1;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, OtherPool> _pools = new(StringComparer.Ordinal);

    /// <summary>The pools of the other nodes, as their latest news have them; a node that was silent for too long is absent.</summary>
    public IReadOnlyDictionary<string, NodeLevels> Levels
    {
        get
        {
            lock (_lock)
            {
                return _pools.Where(node => IsHeard(node.Value)).ToDictionary(node => node.Key, node => node.Value.Levels);
            }
        }
    }

    /// <summary>Takes news of a node. False: the ones before them did not come, so all seats have to be told anew.</summary>
    public bool Take(string node, DigestNews news)
    {
        lock (_lock)
        {
            if (!_pools.TryGetValue(node, out var pool))
            {
                _pools.Add(node, pool = new OtherPool());
            }

            return pool.Take(news, time.GetTimestamp());
        }
    }

    /// <summary>A node is gone.</summary>
    public void Forget(string node)
    {
        lock (_lock)
        {
            _pools.Remove(node);
        }
    }

    /// <summary>The other node that is to execute the run, and what it takes there; null: this node is to.</summary>
    /// <param name="run">The run.</param>
    /// <param name="here">What this node's pool has for it.</param>
    public Claim? Choose(Run run, PoolPlace here)
    {
        if (here.HasWarm)
        {
            return null;
        }

        long? binding = run.BindingKey is { } key ? PoolDigest.HashOf(key) : null;
        var image = run.Image.Name;
        lock (_lock)
        {
            return Other(binding, image, here) is { } node ? Claimed(node, binding, image) : null;
        }
    }

    /// <summary>The run has ended there, or was not taken.</summary>
    public void End(Claim claim)
    {
        lock (_lock)
        {
            if (_pools.TryGetValue(claim.Node, out var pool) && pool.Number == claim.Number)
            {
                pool.Count(claim.Binding, claim.Image, by: 1);
            }
        }
    }

    private KeyValuePair<string, OtherPool>? Other(long? binding, string image, PoolPlace here)
    {
        if (binding is { } bound && Best(pool => pool.HasSeat(bound)) is { } warm)
        {
            return warm;
        }

        if (here.HasSpare)
        {
            return null;
        }

        if (Best(pool => pool.HasSpare(image)) is { } spare)
        {
            return spare;
        }

        return here is { Free: > 0, IsDraining: false } ? null : Best(pool => pool.Free > 0) ?? Shorter(here);
    }

    private KeyValuePair<string, OtherPool>? Shorter(PoolPlace here) =>
        Best(_ => true) is { } best && (here.IsDraining || Load(best.Value) + Margin < Load(here.Permits, here.Free, here.Waiting))
            ? best
            : null;

    private KeyValuePair<string, OtherPool>? Best(Predicate<OtherPool> would)
    {
        KeyValuePair<string, OtherPool>? best = null;
        foreach (var node in _pools)
        {
            if (!node.Value.IsDraining && IsHeard(node.Value) && would(node.Value)
                && (best is not { Value: var other } || Load(node.Value) < Load(other)))
            {
                best = node;
            }
        }

        return best;
    }

    private bool IsHeard(OtherPool pool) => time.GetElapsedTime(pool.Heard) < MostSilence;

    private static Claim Claimed(KeyValuePair<string, OtherPool> node, long? binding, string image)
    {
        node.Value.Count(binding, image, by: -1);
        return new Claim(node.Key, node.Value.Number, binding, image);
    }

    private static double Load(OtherPool pool) => Load(pool.Permits, pool.Free, pool.Waiting);

    private static double Load(int permits, int free, int waiting) => (double)(permits - free + waiting) / Math.Max(1, permits);
}
