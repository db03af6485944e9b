using System.Net.Sockets;
using System.Text;
using Faas.Bench.Http;

namespace Faas.Bench.Scale;

/// <summary>A client that has asked for a stream and waits for it. Nothing is read before <see cref="Answer"/>, and no thread waits.</summary>
internal sealed class WaitingClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = (int)s_patience.TotalMilliseconds };

    /// <summary>Connects and asks.</summary>
    public WaitingClient(Uri server, byte[] request)
    {
        _socket.Connect(server.Host, server.Port);
        _socket.Send(request);
    }

    /// <summary>Returns once that text has come.</summary>
    public void WaitFor(string text)
    {
        var seen = new StringBuilder();
        var bytes = new byte[4096];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = _socket.Receive(bytes);
            seen.Append(count > 0 ? Encoding.UTF8.GetString(bytes, 0, count) : throw new BenchException($"The stream ended before \"{text}\": {seen}"));
        }
    }

    /// <summary>Reads the whole answer: its status, and its last 512 bytes. Throws <see cref="IOException"/> when it breaks off.</summary>
    public (int Status, string End) Answer()
    {
        using var stream = new NetworkStream(_socket);
        var events = new EventCount();
        var status = new ResponseReader(stream).Read(events);
        return (status, events.Tail);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
