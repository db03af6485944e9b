using System.Net.Sockets;

namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>A connection by which a mother's child has called on the server, once the child has said what it is for.</summary>
/// <param name="Token">The token of the order that the child was forked for.</param>
/// <param name="Stream">What the child uses it for.</param>
/// <param name="Pid">The child's pid on the host, according to the kernel.</param>
/// <param name="Socket">The server's end.</param>
public sealed record ChildConnection(string Token, ChildStream Stream, int Pid, Socket Socket) : IDisposable
{
    /// <summary>Hangs up. A child that has not been given its cgroups ends then.</summary>
    public void Dispose() => Socket.Dispose();
}

/// <summary>What a child uses a connection for.</summary>
public enum ChildStream
{
    /// <summary>Frames, both ways: its stdin and stdout.</summary>
    Frames,

    /// <summary>Free text for the operator: its stderr.</summary>
    Stderr,
}
