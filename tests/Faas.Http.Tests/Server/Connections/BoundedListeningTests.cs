using System.Net;
using System.Threading.Channels;
using Faas.Http.Server.Connections;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace Faas.Http.Tests.Server.Connections;

/// <summary>
/// How many sockets a flood of clients can have the server hold; what the clients see is in <see cref="ConnectionLimitTests"/>.
/// </summary>
public sealed class BoundedListeningTests
{
    [Fact]
    public async Task One_connection_too_many_is_gone_before_the_next_is_accepted()
    {
        var flood = new Flood();
        await using var listener = await new BoundedListening(flood, most: 1).BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var (first, second, third) = (flood.Connect(), flood.Connect(), flood.Connect());
        var open = await listener.AcceptAsync();
        Assert.Equal(first.ConnectionId, open!.ConnectionId);

        var accepting = listener.AcceptAsync();
        await second.Closing.Task;
        Assert.Equal(1, flood.Backlog);

        // The place of the first one is free when its socket is closed, and then it is the third one's.
        var closing = open.DisposeAsync();
        first.Closed.SetResult();
        await closing;
        second.Closed.SetResult();
        Assert.Equal(third.ConnectionId, (await accepting)!.ConnectionId);
    }

    private sealed class Flood : IConnectionListenerFactory, IConnectionListener
    {
        private readonly Channel<Connection> _backlog = Channel.CreateUnbounded<Connection>();

        public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

        public int Backlog => _backlog.Reader.Count;

        public Connection Connect()
        {
            var connection = new Connection();
            Assert.True(_backlog.Writer.TryWrite(connection));
            return connection;
        }

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IConnectionListener>(this);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await _backlog.Reader.ReadAsync(cancellationToken);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Connection() : DefaultConnectionContext(Guid.NewGuid().ToString())
    {
        public TaskCompletionSource Closing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask DisposeAsync()
        {
            Closing.SetResult();
            await Closed.Task;
            await base.DisposeAsync();
        }
    }
}
