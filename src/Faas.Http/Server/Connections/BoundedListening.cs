using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Faas.Http.Server.Connections;

/// <summary>
/// Wraps a listener so that a bounded number of its connections is open at once; one more is closed without an answer.
/// <para>
/// Theory of operation. The web server's own limit (<c>MaxConcurrentConnections</c>) closes surplus connections in a work
/// item while it accepts further ones: in a flood hundreds are open, each with a descriptor, before the first is closed.
/// Here a surplus connection is closed before the next one is accepted, so there is never more than one of them; the
/// others wait in the kernel's backlog at no cost. A connection counts until its socket is closed.
/// </para>
/// </summary>
/// <param name="transport">Makes the listeners.</param>
/// <param name="most">Connections that each listener may have open at once.</param>
/// <param name="onRefused">Called for each connection that was closed because of that.</param>
public sealed class BoundedListening(IConnectionListenerFactory transport, int most, Action? onRefused = null) : IConnectionListenerFactory
{
    /// <inheritdoc />
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new BoundedListener(await transport.BindAsync(endpoint, cancellationToken), most, onRefused);

    private sealed class BoundedListener(IConnectionListener listener, int most, Action? onRefused) : IConnectionListener
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
                onRefused?.Invoke();
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
