namespace Faas.Actors.Egress;

/// <summary>What the connections of one run have used.</summary>
/// <param name="grant">What the run may reach.</param>
/// <param name="mostBytes">The most bytes, both ways together.</param>
internal sealed class EgressAccount(EgressGrant grant, long mostBytes)
{
    private long _up;
    private long _down;
    private long _connections;
    private long _refused;

    /// <summary>What the run may reach.</summary>
    public EgressGrant Grant => grant;

    /// <summary>No more bytes may pass.</summary>
    public bool IsSpent => Interlocked.Read(ref _up) + Interlocked.Read(ref _down) >= mostBytes;

    /// <summary>All of it.</summary>
    public EgressUse Use =>
        new(Interlocked.Read(ref _up), Interlocked.Read(ref _down), Interlocked.Read(ref _connections), Interlocked.Read(ref _refused));

    /// <summary>A connection was made.</summary>
    public void Connected() => Interlocked.Increment(ref _connections);

    /// <summary>A connection was refused.</summary>
    public void Refused() => Interlocked.Increment(ref _refused);

    /// <summary>Bytes have come that go to a host; false: they are more than the run may send and receive.</summary>
    public bool Up(int bytes) => Interlocked.Add(ref _up, bytes) + Interlocked.Read(ref _down) <= mostBytes;

    /// <summary>Bytes have come from a host; false: they are more than the run may send and receive.</summary>
    public bool Down(int bytes) => Interlocked.Add(ref _down, bytes) + Interlocked.Read(ref _up) <= mostBytes;
}
