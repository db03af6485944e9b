using System.Net.Sockets;
using System.Text;

namespace Faas.Http.Tests.Testing;

/// <summary>A client that sends what it likes, byte for byte, and reads only when told to.</summary>
public sealed class RawClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Socket _socket;

    private RawClient(Socket socket) => _socket = socket;

    public static async Task<RawClient> ConnectAsync(Uri server, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        await socket.ConnectAsync(server.Host, server.Port);
        return new RawClient(socket);
    }

    /// <summary>A POST with the body as JSON.</summary>
    public static string Post(string path, string body, string headers = "") =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}";

    public async Task SendAsync(string text) => await SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, patience.Token)..];
        }
    }

    /// <summary>What comes until the text has been seen, or the server closes the connection.</summary>
    public async Task<string> ReadUntilAsync(string? end)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var received = new StringBuilder();
        var buffer = new byte[4096];
        while (end is null || !received.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            var count = await _socket.ReceiveAsync(buffer, patience.Token);
            if (count == 0)
            {
                break;
            }

            received.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return received.ToString();
    }

    /// <summary>Takes at least so many bytes and throws them away.</summary>
    public async Task ReadAwayAsync(long bytes)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var buffer = new byte[64 << 10];
        while (bytes > 0)
        {
            var count = await _socket.ReceiveAsync(buffer, patience.Token);
            bytes = count > 0 ? bytes - count : throw new EndOfStreamException();
        }
    }

    /// <summary>What comes until the server closes the connection, which it does within the patience.</summary>
    public Task<string> ReadToEndAsync() => ReadUntilAsync(null);

    /// <summary>Waits for the connection's end, however it comes, throwing away what is received.</summary>
    public async Task WaitForEndAsync()
    {
        try
        {
            await ReadToEndAsync();
        }
        catch (SocketException)
        {
            // Reset: that is an end too.
        }
    }

    /// <summary>Ends the connection at once, with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();
}
