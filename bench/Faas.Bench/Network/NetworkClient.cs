using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Faas.Bench.Http;
using Faas.Bench.Ways;

namespace Faas.Bench.Network;

/// <summary>One and the same client in Python: in a sandbox, by the proxy, and outside, straight.</summary>
internal static class NetworkClient
{
    private const string Path = "bench/network";

    private const string Measure = """
        import socket, time
        def opened(host, via):
            connection = socket.create_connection(via or host)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if via:
                name = f'{host[0]}:{host[1]}'.encode()
                connection.sendall(b'CONNECT ' + name + b' HTTP/1.1\r\nHost: ' + name + b'\r\n\r\n')
                head = b''
                while not head.endswith(b'\r\n\r\n'):
                    head += connection.recv(1)
                if b' 200 ' not in head:
                    raise OSError(head)
            return connection
        def get(connection, size, room=memoryview(bytearray(1 << 20))):
            connection.sendall(b'GET /%d HTTP/1.1\r\nHost: bench\r\n\r\n' % size)
            data = b''
            while b'\r\n\r\n' not in data:
                data += connection.recv(4096)
            size -= len(data) - data.index(b'\r\n\r\n') - 4
            while size:
                size -= connection.recv_into(room)
        def median(times):
            return sorted(times)[len(times) // 2] * 1000
        def timed(work):
            begun = time.perf_counter()
            work()
            return time.perf_counter() - begun
        def measure(host, via, size, times):
            connection = opened(host, via)
            get(connection, 1 << 20)
            took = timed(lambda: get(connection, size))
            requests = [timed(lambda: get(connection, 1)) for _ in range(times)]
            def once():
                with opened(host, via) as other:
                    get(other, 1)
            return [size / took / 1e6, median(requests), median([timed(once) for _ in range(times)])]

        """;

    /// <summary>Stores the script on a server that permits the host.</summary>
    public static void Upload(FaasUnderBench server, string host)
    {
        var code = Measure + "return measure((event['host'], event['port']), ('127.0.0.1', 3128), event['size'], event['times'])";
        var upload = new { path = Path, language = "python", code, network = new { allow = new[] { host } } };
        var (status, body) = server.Ask(HttpConnection.Post("/upload", JsonSerializer.Serialize(upload)));
        if (status != 200)
        {
            throw new BenchException($"The upload of {Path} was answered {status}: {body}");
        }
    }

    /// <summary>Measures from a sandbox.</summary>
    public static NetworkFigures InSandbox(FaasUnderBench server, string host, long size, int times)
    {
        var (name, port) = Split(host);
        var (status, body) = server.Ask(HttpConnection.Post(
            $"/run/{Path}", JsonSerializer.Serialize(new { input = new { host = name, port, size, times } })));
        return status == 200
            ? FiguresOf(JsonDocument.Parse(body).RootElement.GetProperty("data"))
            : throw new BenchException($"The run of {Path} was answered {status}: {body}");
    }

    /// <summary>Measures without a sandbox and without a proxy.</summary>
    public static NetworkFigures Straight(string host, long size, int times)
    {
        var (name, port) = Split(host);
        var code = string.Create(
            CultureInfo.InvariantCulture, $"{Measure}import json\nprint(json.dumps(measure(('{name}', {port}), None, {size}, {times})))");
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-I", "-c", code]) { RedirectStandardOutput = true })!;
        var said = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return python.ExitCode == 0
            ? FiguresOf(JsonDocument.Parse(said).RootElement)
            : throw new BenchException($"/usr/bin/python3 ended with {python.ExitCode}.");
    }

    private static (string Name, int Port) Split(string host) =>
        (host.Split(':')[0], int.Parse(host.Split(':')[1], CultureInfo.InvariantCulture));

    private static NetworkFigures FiguresOf(JsonElement list) => new(list[0].GetDouble(), list[1].GetDouble(), list[2].GetDouble());
}
