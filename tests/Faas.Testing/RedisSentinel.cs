using System.Diagnostics;
using StackExchange.Redis;

namespace Faas.Testing;

/// <summary>
/// A sentinel that watches one Redis server under the name "main", and makes a replica take over a second after it is gone. It ends with
/// the test host.
/// </summary>
public sealed class RedisSentinel : IAsyncDisposable
{
    private const string Watches = "+monitor master main";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly string _folder;
    private readonly Process _shell;

    private RedisSentinel(string folder, int port, Process shell) => (_folder, Port, _shell) = (folder, port, shell);

    /// <summary>Where it listens, on loopback.</summary>
    public int Port { get; }

    /// <summary>The configuration string by which a server finds Redis through it.</summary>
    public string Configuration =>
        $"127.0.0.1:{Port},serviceName=main,defaultDatabase={RedisServer.Database},password={RedisServer.Password}";

    /// <summary>How many replicas it knows.</summary>
    public async Task<int> CountReplicasAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { { "127.0.0.1", Port } },
            Password = RedisServer.Password,
            CommandMap = CommandMap.Sentinel,
        });
        return (await connection.GetServers()[0].SentinelReplicasAsync("main")).Length;
    }

    /// <summary>Starts one and waits until it watches the server.</summary>
    public static async Task<RedisSentinel> StartAsync(RedisServer watched)
    {
        var folder = TestFolder.Create("faas-sentinel-");
        var port = FreePort.Find();
        File.WriteAllText(Path.Combine(folder, "sentinel.conf"), $"""
            bind 127.0.0.1
            port {port}
            requirepass "{RedisServer.Password}"
            sentinel monitor main 127.0.0.1 {watched.Port} 1
            sentinel auth-pass main "{RedisServer.Password}"
            sentinel down-after-milliseconds main 1000
            sentinel failover-timeout main 5000

            """);
        var start = new ProcessStartInfo("/bin/sh", ["-c", RedisServer.Guarded, "sh", "redis-server", "sentinel.conf", "--sentinel"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var sentinel = new RedisSentinel(folder, port, Process.Start(start)!);
        _ = RedisServer.PidFrom(sentinel._shell); // from here on there is a log
        string Log() => File.ReadAllText(Path.Combine(folder, RedisServer.LogFile));
        try
        {
            await Eventually.HoldsAsync(() => Log().Contains(Watches, StringComparison.Ordinal), s_patience, Log);
            return sentinel;
        }
        catch
        {
            await sentinel.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
