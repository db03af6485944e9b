using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>A redis-server of the test's own: TCP on loopback, a password, a database that is not 0.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    /// <summary>What it wants of its clients.</summary>
    public const string Password = "s3cret pass";

    private readonly string _folder;
    private Process _process;

    private RedisServer(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>The variables that send a server to this Redis.</summary>
    public (string Name, string Value)[] Environment =>
    [
        ("REDIS_HOST", "127.0.0.1"),
        ("REDIS_PORT", Port.ToString(CultureInfo.InvariantCulture)),
        ("REDIS_PASSWORD", Password),
        ("REDIS_DB", "3"),
    ];

    /// <summary>Starts one and waits until it accepts connections.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("faas-redis-").FullName;
        var port = FreePort();
        return new RedisServer(await LaunchAsync(folder, port), folder, port);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it again on its data.</summary>
    public async Task RestartAsync()
    {
        _process.Dispose();
        _process = await LaunchAsync(_folder, Port);
    }

    /// <summary>One command of an operator.</summary>
    public async Task CommandAsync(string command, params object[] arguments)
    {
        await using var connection = await ConnectAsync();
        await connection.GetServers()[0].ExecuteAsync(command, arguments);
    }

    /// <summary>SIGSTOP: it is there, and answers nothing.</summary>
    public void Pause() => Signals.Send(_process.Id, Signals.Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signals.Send(_process.Id, Signals.Continue);

    /// <summary>How many keys of its database match a pattern.</summary>
    public async Task<int> CountKeysAsync(string pattern)
    {
        await using var connection = await ConnectAsync();
        return await connection.GetServers()[0].KeysAsync(3, pattern).CountAsync();
    }

    /// <summary>Deletes the keys of its database that match a pattern.</summary>
    public async Task DeleteKeysAsync(string pattern)
    {
        await using var connection = await ConnectAsync();
        await foreach (var key in connection.GetServers()[0].KeysAsync(3, pattern))
        {
            await connection.GetDatabase(3).KeyDeleteAsync(key);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Directory.Delete(_folder, true);
    }

    private async Task<ConnectionMultiplexer> ConnectAsync() =>
        await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Port},password={Password},defaultDatabase=3,allowAdmin=true");

    private static async Task<Process> LaunchAsync(string folder, int port)
    {
        var process = Process.Start(new ProcessStartInfo(
            "redis-server",
            [
                "--bind", "127.0.0.1", "--port", $"{port}", "--dir", folder, "--requirepass", Password,
                "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--loglevel", "warning",
            ])
        {
            RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        await Wire.EventuallyAsync(() => Accepts(port), TimeSpan.FromSeconds(10), () => "redis-server does not answer");
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Accepts(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
