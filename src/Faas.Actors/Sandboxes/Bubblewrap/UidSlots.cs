namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// Gives each living sandbox a host user id of its own. Two sandboxes with one id could send signals to each other, and their
/// processes would count against the same limit (RLIMIT_NPROC counts per user).
/// </summary>
public sealed class UidSlots(long first)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<int> _free = [];
    private int _next;

    /// <summary>Takes the lowest free id.</summary>
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

    /// <summary>Frees an id. No process may run under it any more.</summary>
    public void Release(long uid)
    {
        lock (_gate)
        {
            var slot = uid - first;
            if (slot < 0 || slot >= _next || !_free.Add((int)slot))
            {
                throw new InvalidOperationException($"Uid {uid} is not taken, so it cannot be freed.");
            }
        }
    }
}
