namespace Faas.Actors.Egress;

/// <summary>What the connections of one run have used.</summary>
/// <param name="grant">What the run may reach.</param>
/// <param name="mostBytes">The most bytes, both ways together.</param>
internal sealed class EgressAccount(EgressGrant grant, long mostBytes)
{
    /// <summary>Connections that are not let through and have a line in the audit; further ones are counted.</summary>
    public const int MostListed = 1000;

    private const long MostBytesOfAll = long.MaxValue / 4; // sums with the counts stay within 64 bits

    private long _most = mostBytes;
    private long _unlet;
    private long _unlisted;
    private bool _isOver;
    private long _up;
    private long _down;
    private long _connections;
    private long _refused;

    /// <summary>What the run may reach.</summary>
    public EgressGrant Grant => grant;

    /// <summary>No more bytes may pass.</summary>
    public bool IsSpent => Interlocked.Read(ref _up) + Interlocked.Read(ref _down) >= Volatile.Read(ref _most);

    /// <summary>All of it.</summary>
    public EgressUse Use =>
        new(Interlocked.Read(ref _up), Interlocked.Read(ref _down), Interlocked.Read(ref _connections), Interlocked.Read(ref _refused));

    /// <summary>A connection was made.</summary>
    public void Connected() => Interlocked.Increment(ref _connections);

    /// <summary>A connection was refused.</summary>
    public void Refused() => Interlocked.Increment(ref _refused);

    /// <summary>More bytes may pass. One caller at a time.</summary>
    public void Extend(long bytes) => Volatile.Write(ref _most, Math.Min(MostBytesOfAll, _most + bytes));

    /// <summary>Whether a connection that was not let through has a line of its own in the audit. If not, it is counted.</summary>
    public bool MayList()
    {
        if (Interlocked.Increment(ref _unlet) <= MostListed || Volatile.Read(ref _isOver))
        {
            return true;
        }

        Interlocked.Increment(ref _unlisted);
        return false;
    }

    /// <summary>The run is over. What still ends has lines of its own.</summary>
    /// <returns>How many connections have none.</returns>
    public long End()
    {
        Volatile.Write(ref _isOver, true);
        return Interlocked.Exchange(ref _unlisted, 0);
    }

    /// <summary>Bytes have come that go to a host; false: they are more than the run may send and receive.</summary>
    public bool Up(int bytes) => Interlocked.Add(ref _up, bytes) + Interlocked.Read(ref _down) <= Volatile.Read(ref _most);

    /// <summary>Bytes have come from a host; false: they are more than the run may send and receive.</summary>
    public bool Down(int bytes) => Interlocked.Add(ref _down, bytes) + Interlocked.Read(ref _up) <= Volatile.Read(ref _most);
}
