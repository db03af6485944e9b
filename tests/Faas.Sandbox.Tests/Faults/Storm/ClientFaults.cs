using System.Net.Sockets;
using System.Text;

namespace Faas.Sandbox.Tests.Faults.Storm;

/// <summary>What clients do that others must not feel.</summary>
internal static class ClientFaults
{
    private const int Rude = 50;
    private const int Leaving = 5;
    private const int TooMany = 400;

    private static readonly string[] s_nonsense =
    [
        "\0\x16\x03\x01 no request",
        "POST /run/py HTTP/1.1\r\nHost: a\r\nContent-Le",
        "POST /run/py HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /run/py HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n{\"input\":",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("clients are rude", [], BeRudeAsync),
        new("clients leave in the middle of a stream", [], LeaveAsync),
        new("too many calls come at once", ["queue_full"], (place, _, _) => place.Load.CrowdAsync(TooMany, "leaves")),
    ];

    /// <summary>What <see cref="LeaveAsync"/> calls: it never ends by itself.</summary>
    public static object Endless { get; } = new { path = "endless", language = "python", code = "import time\nwhile True:\n    print('on', flush=True)\n    time.sleep(0.01)" };

    private static async Task BeRudeAsync(Place place, Random draw, TimeSpan time)
    {
        var sockets = new List<Socket>();
        try
        {
            for (var client = 0; client < Rude; client++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(place.Server.Address.Host, place.Server.Address.Port);
                await socket.SendAsync(Encoding.Latin1.GetBytes(s_nonsense[draw.Next(s_nonsense.Length)]));
                if (draw.Next(2) == 0)
                {
                    socket.Shutdown(SocketShutdown.Send);
                }
            }

            await Task.Delay(time);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task LeaveAsync(Place place, Random draw, TimeSpan time)
    {
        var streams = await Task.WhenAll(
            Enumerable.Range(0, Leaving).Select(_ => place.Server.OpenStreamAsync("/run/endless", new { stream = true })));
        foreach (var stream in streams)
        {
            await Task.Delay(time / Leaving * draw.NextDouble());
            stream.Dispose();
        }
    }
}
