namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// Hands out host user ids, one a living sandbox: two sandboxes that share one could signal and count against each
/// other, as RLIMIT_NPROC does by user.
/// </summary>
public sealed class UidSlots(long first)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<int> _free = [];
    private int _next;

    /// <summary>The lowest id that nobody has.</summary>
    public long Take()
    {
        lock (_gate)
        {
            if (_free.Count == 0)
            {
                return first + _next++;
            }

            var slot = _free.Min;
            _free.Remove(slot);
            return first + slot;
        }
    }

    /// <summary>Gives an id back; no process may be left under it.</summary>
    public void Release(long uid)
    {
        lock (_gate)
        {
            var slot = uid - first;
            if (slot < 0 || slot >= _next || !_free.Add((int)slot))
            {
                throw new InvalidOperationException($"Uid {uid} was given back, and nobody had it.");
            }
        }
    }
}
