using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>Stands between a client and a server on loopback, and makes the way between them bad.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Socket, byte> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _isHole;

    /// <summary>Starts one in front of a port.</summary>
    public TcpProxy(int target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>How long each piece takes on its way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Nothing that is sent arrives before this ends, and nobody is told.</summary>
    public bool IsHole
    {
        get => _isHole;
        set => _isHole = value;
    }

    /// <summary>Each connection that there is can be read no further, by either side.</summary>
    public void HalfClose()
    {
        foreach (var socket in _open.Keys)
        {
            Quietly(() => socket.Shutdown(SocketShutdown.Send));
        }
    }

    /// <summary>Ends each connection that there is.</summary>
    public void Drop()
    {
        foreach (var socket in _open.Keys)
        {
            Quietly(socket.Dispose);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Drop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                _open.TryAdd(client, 0);
                _open.TryAdd(server, 0);
                _ = CarryBothAsync(client, server);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task CarryBothAsync(Socket client, Socket server)
    {
        try
        {
            await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), _stop.Token);
            await Task.WhenAny(CarryAsync(client, server), CarryAsync(server, client));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Nobody is there.
        }
        finally
        {
            foreach (var socket in new[] { client, server })
            {
                _open.TryRemove(socket, out _);
                socket.Dispose();
            }
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                await Task.Delay(Delay, _stop.Token);
                while (_isHole)
                {
                    await Task.Delay(s_look, _stop.Token);
                }

                await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side has gone.
        }
    }

    private static void Quietly(Action act)
    {
        try
        {
            act();
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }
}
