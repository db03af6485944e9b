using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Faas.Bench.Network;

/// <summary>A host that answers <c>GET /N</c> with N bytes, as often as a connection asks.</summary>
internal sealed class ByteHost : IDisposable
{
    private const int PieceBytes = 256 << 10;

    private readonly byte[] _piece = new byte[PieceBytes];
    private readonly TcpListener _listener;

    /// <summary>Listens on a free port.</summary>
    public ByteHost(IPAddress address)
    {
        _listener = new TcpListener(address, 0);
        _listener.Start();
        StartThread(Accept);
    }

    /// <summary>Address and port.</summary>
    public string Name => _listener.LocalEndpoint.ToString()!;

    public void Dispose() => _listener.Dispose();

    private static void StartThread(ThreadStart work) => new Thread(work) { IsBackground = true }.Start();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var client = _listener.AcceptSocket();
                StartThread(() => Serve(client));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private void Serve(Socket client)
    {
        using var stream = new NetworkStream(client, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        client.NoDelay = true;
        try
        {
            while (reader.ReadLine() is { } first)
            {
                while (reader.ReadLine() is { Length: > 0 })
                {
                }

                var left = long.Parse(first.Split(' ')[1].AsSpan(1), CultureInfo.InvariantCulture);
                client.Send(Encoding.ASCII.GetBytes(string.Create(
                    CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Length: {left}\r\n\r\n")));
                while (left > 0)
                {
                    left -= client.Send(_piece.AsSpan(0, (int)Math.Min(left, PieceBytes)));
                }
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            // The client has what it wanted, or the run is over.
        }
    }
}
