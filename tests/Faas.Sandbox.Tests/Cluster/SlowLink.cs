using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>
/// A slow line to a node: takes connections at one port and carries them to another one of the same address. Each byte arrives later by the
/// delay, and each direction of a connection carries a bounded number of bytes a second. A faster sender has to wait.
/// </summary>
internal sealed class SlowLink : IAsyncDisposable
{
    private const int PieceBytes = 16 << 10;
    private const int MostPieces = 64; // on their way in one direction
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _node;
    private readonly TimeSpan _delay;
    private readonly int _bytesPerSecond;
    private readonly Task _work;

    /// <summary>Begins at once.</summary>
    /// <param name="at">Where the others find the node.</param>
    /// <param name="port">Where the node listens.</param>
    /// <param name="delay">In each direction.</param>
    /// <param name="bytesPerSecond">In each direction of each connection.</param>
    public SlowLink(IPEndPoint at, int port, TimeSpan delay, int bytesPerSecond)
    {
        (_node, _delay, _bytesPerSecond) = (new IPEndPoint(at.Address, port), delay, bytesPerSecond);
        _listener.Bind(at);
        _listener.Listen();
        _work = AcceptAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _work;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carried = new List<Task>();
        try
        {
            while (true)
            {
                carried.Add(CarryBothAsync(await _listener.AcceptAsync(_stop.Token)));
            }
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task CarryBothAsync(Socket client)
    {
        using var node = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                client.NoDelay = node.NoDelay = true;
                await node.ConnectAsync(_node, _stop.Token);
                await Task.WhenAll(CarryAsync(client, node), CarryAsync(node, client));
            }
            catch (Exception ended) when (IsEnd(ended))
            {
                // The node is not there, and its caller sees that the connection ends.
            }
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        var line = Channel.CreateBounded<(long Due, byte[] Bytes)>(MostPieces);
        await Task.WhenAll(ReceiveAsync(from, line.Writer), SendAsync(line.Reader, to));
    }

    private async Task ReceiveAsync(Socket from, ChannelWriter<(long Due, byte[] Bytes)> line)
    {
        var buffer = new byte[PieceBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                await line.WriteAsync((Stopwatch.GetTimestamp() + Ticks(_delay), buffer[..count]), _stop.Token);
            }
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            // One side has gone.
        }

        line.Complete();
    }

    private async Task SendAsync(ChannelReader<(long Due, byte[] Bytes)> line, Socket to)
    {
        var free = 0L; // when the line has carried what was sent before
        try
        {
            await foreach (var (due, bytes) in line.ReadAllAsync(_stop.Token))
            {
                var begin = Math.Max(due, free);
                await UntilAsync(begin);
                free = begin + Ticks(TimeSpan.FromSeconds((double)bytes.Length / _bytesPerSecond));
                for (var sent = 0; sent < bytes.Length;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent), _stop.Token);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            to.Close(); // the receiver of the other direction ends, too
        }
    }

    private async Task UntilAsync(long timestamp)
    {
        if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, _stop.Token);
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static bool IsEnd(Exception ended) =>
        ended is OperationCanceledException or SocketException or ObjectDisposedException or ChannelClosedException;
}
