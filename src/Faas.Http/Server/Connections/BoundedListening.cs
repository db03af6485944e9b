using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Faas.Http.Server.Connections;

/// <summary>
/// Listens as another does, with so many connections at most; one more is closed unanswered.
/// <para>
/// Theory of operation. The web server's own limit (<c>MaxConcurrentConnections</c>) lets a work item close what is too much,
/// while it goes on accepting: of a flood, hundreds are open at once before the first is closed, each with a descriptor.
/// Here the next connection is accepted only when that which was too much is gone, so there is never more than one of them;
/// the others wait in the kernel's backlog, which costs nothing. A connection counts until its socket is closed.
/// </para>
/// </summary>
/// <param name="transport">Makes the listeners.</param>
/// <param name="most">Connections open at once, of each listener.</param>
public sealed class BoundedListening(IConnectionListenerFactory transport, int most) : IConnectionListenerFactory
{
    /// <inheritdoc />
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new BoundedListener(await transport.BindAsync(endpoint, cancellationToken), most);

    private sealed class BoundedListener(IConnectionListener listener, int most) : IConnectionListener
    {
        private int _open;

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await listener.AcceptAsync(cancellationToken) is { } accepted)
            {
                var connection = new CountedConnection(accepted, () => Interlocked.Decrement(ref _open));
                if (Interlocked.Increment(ref _open) <= most)
                {
                    return connection;
                }

                await connection.DisposeAsync();
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
