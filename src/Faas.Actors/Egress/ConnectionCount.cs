namespace Faas.Actors.Egress;

/// <summary>Bounds the connections of all sandboxes at once.</summary>
/// <param name="most">The most.</param>
internal sealed class ConnectionCount(int most)
{
    private int _taken;

    /// <summary>The most.</summary>
    public int Most => most;

    /// <summary>Takes a place; false: there is none.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void GiveBack() => Interlocked.Decrement(ref _taken);
}
