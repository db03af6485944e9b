using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Faas.Testing;

/// <summary>A host on loopback that does with each connection what a test says.</summary>
public sealed class HostUnderTest : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentQueue<Socket> _clients = new();
    private readonly Func<Socket, Task> _serve;
    private readonly Task _accepting;

    /// <summary>A host.</summary>
    /// <param name="serve">What it does with a connection, which ends with that.</param>
    /// <param name="address">Its address.</param>
    /// <param name="port">Its port; 0: a free one.</param>
    public HostUnderTest(Func<Socket, Task> serve, string address = "127.0.0.1", int port = 0)
    {
        _serve = serve;
        _listener.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>How many connections it got.</summary>
    public int Connections => _clients.Count;

    /// <summary>The next head that it reads is replied to with this text, whose lines end with |.</summary>
    public static Func<Socket, Task> Replies(string reply, ConcurrentQueue<string>? heads = null) => async client =>
    {
        var head = await client.ReadHeadAsync();
        heads?.Enqueue(head);
        await client.SendTextAsync(reply.Replace("|", "\r\n", StringComparison.Ordinal));
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                _clients.Enqueue(client);
                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await _serve(client);
            client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The proxy has closed the connection, or the test is over.
        }
        finally
        {
            client.Dispose();
        }
    }
}
