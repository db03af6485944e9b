using System.Net.Sockets;
using System.Text;

namespace Faas.Bench.Http;

/// <summary>
/// One kept connection. HttpClient costs more than a warm call of what is measured here; this is a send, a receive and
/// the look for the end. After a failure the next call opens a new one.
/// </summary>
internal sealed class HttpConnection(Uri server) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private Socket? _socket;
    private ResponseReader? _responses;

    public Body Body { get; } = new();

    /// <summary>A whole POST of JSON, ready to be sent again and again.</summary>
    public static byte[] Post(string path, string json) => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    public static byte[] Get(string path) => Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    /// <summary>Sends a request and reads its response. Throws as <see cref="Send"/> and <see cref="Receive"/>.</summary>
    public int Exchange(ReadOnlySpan<byte> request)
    {
        Send(request);
        return Receive();
    }

    /// <summary>Sends a request. Throws <see cref="SocketException"/>.</summary>
    public void Send(ReadOnlySpan<byte> request)
    {
        try
        {
            for (var socket = _socket ?? Open(); !request.IsEmpty;)
            {
                request = request[socket.Send(request)..];
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Reads the response to what was sent; returns the status. Throws <see cref="IOException"/>.</summary>
    public int Receive()
    {
        try
        {
            return _responses!.Read(Body);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        (_socket, _responses) = (null, null);
    }

    private Socket Open()
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)s_patience.TotalMilliseconds,
        };
        _socket.Connect(server.Host, server.Port);
        _responses = new ResponseReader(new NetworkStream(_socket));
        return _socket;
    }
}
