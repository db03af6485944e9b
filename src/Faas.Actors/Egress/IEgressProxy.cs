using System.Net.Sockets;

namespace Faas.Actors.Egress;

/// <summary>The proxy through which sandboxes reach hosts. There is one in a server.</summary>
public interface IEgressProxy
{
    /// <summary>
    /// Takes over the listening socket of one sandbox, and accepts connections from it until the door is disposed of, which closes the
    /// socket.
    /// </summary>
    /// <param name="listener">Bound and listening, perhaps in another network namespace: a socket stays in the one it was made in.</param>
    /// <returns>The sandbox's door. It lets nothing through before <see cref="IEgressDoor.Admit"/>.</returns>
    IEgressDoor Open(Socket listener);
}
