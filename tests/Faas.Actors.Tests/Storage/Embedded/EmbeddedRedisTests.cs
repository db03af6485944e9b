using System.Diagnostics;
using System.Globalization;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.Embedded;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Xunit;

namespace Faas.Actors.Tests.Storage.Embedded;

public sealed class EmbeddedRedisTests : IAsyncLifetime
{
    private const UnixFileMode OthersMay = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _folder = TestFolder.Create("faas-embedded-");
    private readonly List<IAsyncDisposable> _open = [];

    private string DataDir => Path.Combine(_folder, "data");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_open))
        {
            await one.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Its_files_are_its_owners_alone()
    {
        var (_, connection) = await StartAsync(DataDir);
        await connection.CallAsync(database => database.StringSetAsync("a", "b"), default);

        var files = Directory.EnumerateFileSystemEntries(DataDir, "*", SearchOption.AllDirectories).ToList();

        Assert.Contains(files, file => file.EndsWith(".aof", StringComparison.Ordinal));
        foreach (var file in files.Where(file => Path.GetFileName(file) is not "lock" and not "pid").Append(DataDir))
        {
            Assert.Equal((file, UnixFileMode.None), (file, File.GetUnixFileMode(file) & OthersMay));
        }
    }

    [Fact]
    public async Task It_listens_on_no_port_and_fsyncs_every_write()
    {
        await StartAsync(DataDir);

        Assert.Equal("0", Setting("port"));
        Assert.Equal("always", Setting("appendfsync"));
        Assert.Equal("yes", Setting("appendonly"));
        Assert.Equal("", Setting("save"));
        Assert.Equal("noeviction", Setting("maxmemory-policy"));
    }

    [Fact]
    public async Task It_sees_nothing_of_the_servers_environment()
    {
        Environment.SetEnvironmentVariable("FAAS_TEST_SECRET", "secret");
        var (redis, _) = await StartAsync(DataDir);

        Assert.DoesNotContain(
            "FAAS_TEST_SECRET", await File.ReadAllTextAsync($"/proc/{redis.ProcessId}/environ"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a folder with 'quotes\" and $(blanks)")]
    [InlineData("größe/日本")]
    [InlineData("long/0123456789012345678901234567890123456789012345678901234567890123456789/0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task Any_folder_will_do(string name)
    {
        var (_, connection) = await StartAsync(Path.Combine(_folder, name));

        await connection.CallAsync(database => database.StringSetAsync("a", "b"), default);

        Assert.Equal("b", await connection.CallAsync(database => database.StringGetAsync("a"), default));
    }

    [Fact]
    public async Task A_folder_reached_by_a_link_will_do_and_a_relative_one_too()
    {
        Directory.CreateDirectory(DataDir);
        var link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, DataDir);

        await StartAsync(Path.GetRelativePath(Directory.GetCurrentDirectory(), link));

        Assert.True(File.Exists(Path.Combine(DataDir, "redis", "redis.lock")));
    }

    [Fact]
    public async Task What_was_stored_is_there_after_a_stop_and_a_start()
    {
        var (redis, connection) = await StartAsync(DataDir);
        await connection.CallAsync(database => database.StringSetAsync("a", "b"), default);
        var processId = redis.ProcessId!.Value;
        await connection.DisposeAsync();

        await redis.StopAsync();

        Assert.False(HostProcess.IsAlive(processId));
        Assert.Null(redis.ProcessId);
        var (_, again) = await StartAsync(DataDir);
        Assert.Equal("b", await again.CallAsync(database => database.StringGetAsync("a"), default));
    }

    [Fact]
    [Trait("Machine", "Alone")]
    public async Task Killed_under_writes_it_is_back_within_2_s_with_every_acknowledged_write()
    {
        var (redis, connection) = await StartAsync(DataDir);
        for (var round = 0; round < 5; round++)
        {
            var acknowledged = new List<string>();
            var writers = Enumerable.Range(0, 4)
                .Select(writer => WriteUntilItFailsAsync(connection, $"{round}:{writer}", acknowledged))
                .ToList();
            while (Count(acknowledged) < 200)
            {
                Assert.DoesNotContain(writers, writer => writer.IsCompleted);
                await Task.Delay(1);
            }

            Signals.Send(redis.ProcessId!.Value, Signals.Kill);
            await Task.WhenAll(writers);
            await Outage.EndsWithinAsync(TimeSpan.FromSeconds(2), connection);

            var found = await connection.CallAsync(
                database => database.StringGetAsync([.. acknowledged.Select(key => (RedisKey)key)]), default);
            Assert.All(found, value => Assert.Equal("written", value));
        }
    }

    [Fact]
    public async Task A_redis_server_that_hangs_is_killed_at_the_stop()
    {
        var (redis, _) = await StartAsync(DataDir);
        var processId = redis.ProcessId!.Value;
        Signals.Send(processId, Signals.Stop);

        await redis.StopAsync();

        Assert.False(HostProcess.IsAlive(processId));
    }

    [Fact]
    public async Task Interrupting_the_servers_process_group_does_not_reach_it()
    {
        var (redis, _) = await StartAsync(DataDir);

        var sessionOfRedis = SessionOf(redis.ProcessId!.Value);

        Assert.Equal(redis.ProcessId.Value, sessionOfRedis);
        Assert.NotEqual(SessionOf(Environment.ProcessId), sessionOfRedis);
    }

    [Fact]
    public async Task When_its_server_is_killed_it_is_dead_too_and_the_next_server_finds_everything()
    {
        using var host = await EmbeddedStoreHost.StartAsync(DataDir);
        var processId = host.RedisProcessId;
        Assert.True(HostProcess.IsAlive(processId));

        await host.KillAsync();

        await EndsAsync(processId);
        await StartAsync(DataDir);
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_is_refused_in_one_line_and_the_first_goes_on()
    {
        using var host = await EmbeddedStoreHost.StartAsync(DataDir);

        var failure = await Assert.ThrowsAsync<StoreStartException>(() => StartAsync(DataDir));

        Assert.Equal(
            $"The data folder '{DataDir}' is in use by another server (process {host.ProcessId}). Stop that one, or name another folder in FAAS_DATA_DIR (faas.store.embedded.data-dir).",
            failure.Message);
        Assert.True(HostProcess.IsAlive(host.RedisProcessId));
    }

    [Fact]
    public async Task A_redis_server_that_a_killed_server_left_behind_is_ended()
    {
        var (redis, connection) = await StartAsync(DataDir);
        await connection.CallAsync(database => database.StringSetAsync("a", "b"), default);
        await redis.StopAsync();
        await using var leftover = await RedisServer.StartAsync(Path.Combine(DataDir, "redis"));

        var (_, again) = await StartAsync(DataDir);

        Assert.False(HostProcess.IsAlive(leftover.ProcessId));
        Assert.Equal("b", await again.CallAsync(database => database.StringGetAsync("a"), default));
    }

    [Fact]
    public async Task A_lock_that_somebody_else_holds_stops_the_start()
    {
        Directory.CreateDirectory(Path.Combine(DataDir, "redis"));
        using var holder = Process.Start(new ProcessStartInfo("flock", ["--no-fork", "redis.lock", "sh", "-c", "echo held; read -r _"])
        {
            WorkingDirectory = Path.Combine(DataDir, "redis"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());

        var failure = await Assert.ThrowsAsync<StoreStartException>(() => StartAsync(DataDir));

        Assert.Equal(
            $"The embedded store in '{DataDir}' (faas.store.embedded.executable = \"redis-server\") ended while it started: another process holds redis.lock in its folder.",
            failure.Message);
        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
    }

    [Fact]
    public async Task A_process_that_merely_stands_in_the_folder_is_left_alone()
    {
        Directory.CreateDirectory(Path.Combine(DataDir, "redis"));
        using var bystander = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "read -r _"])
        {
            WorkingDirectory = Path.Combine(DataDir, "redis"),
            RedirectStandardInput = true,
        })!;

        await StartAsync(DataDir);

        Assert.True(HostProcess.IsAlive(bystander.Id));
        bystander.StandardInput.Close();
        await bystander.WaitForExitAsync();
    }

    [Fact]
    public async Task A_torn_tail_of_the_file_is_cut_off()
    {
        await StoreAndStopAsync();
        await AppendAsync("*3\r\n$3\r\nSET\r\n$1\r\nc\r\n$100\r\nhalf of it"u8.ToArray());

        var (_, connection) = await StartAsync(DataDir);

        Assert.Equal("b", await connection.CallAsync(database => database.StringGetAsync("a"), default));
        Assert.False(await connection.CallAsync(database => database.KeyExistsAsync("c"), default));
    }

    [Fact]
    public async Task A_file_that_redis_cannot_read_stops_the_start_with_what_redis_says()
    {
        await StoreAndStopAsync();
        await AppendAsync("this is no Redis command\r\n"u8.ToArray());

        var failure = await Assert.ThrowsAsync<StoreStartException>(() => StartAsync(DataDir));

        Assert.StartsWith(
            $"The embedded store in '{DataDir}' (faas.store.embedded.executable = \"redis-server\") ended while it started: ",
            failure.Message,
            StringComparison.Ordinal);
        Assert.Contains("Bad file format reading the append only file", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task A_missing_redis_server_is_named_with_the_remedy()
    {
        var failure = await Assert.ThrowsAsync<StoreStartException>(() => StartAsync(DataDir, "no-such-redis-server"));

        Assert.Equal(
            "'no-such-redis-server', the embedded store (faas.store.embedded.executable), was not found. Install it (apt install redis-server), or set REDIS_HOST to use a Redis server.",
            failure.Message);
        await StartAsync(DataDir); // and the folder is free
    }

    [Theory]
    [InlineData("/dev/null/data")]
    [InlineData("/proc/data")]
    public async Task A_folder_that_cannot_be_made_is_named_with_the_remedy(string dataDir)
    {
        var failure = await Assert.ThrowsAsync<StoreStartException>(() => StartAsync(dataDir));

        Assert.StartsWith($"The data folder '{dataDir}' cannot be used: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "Make it writable, or name another in FAAS_DATA_DIR (faas.store.embedded.data-dir).",
            failure.Message,
            StringComparison.Ordinal);
    }

    private async Task<(EmbeddedRedis Redis, RedisConnection Connection)> StartAsync(string dataDir, string executable = "redis-server")
    {
        var redis = new EmbeddedRedis(
            new StoreOptions("test:", null, TimeSpan.FromSeconds(5), dataDir, executable), NullLogger<EmbeddedRedis>.Instance);
        _open.Add(redis);
        await redis.StartAsync(CancellationToken.None);
        var connection = RedisConnection.To(redis.Name, () => redis.Socket, TimeSpan.FromSeconds(5));
        _open.Add(connection);
        await connection.WaitUntilReachableAsync(CancellationToken.None);
        return (redis, connection);
    }

    private async Task StoreAndStopAsync()
    {
        var (redis, connection) = await StartAsync(DataDir);
        await connection.CallAsync(database => database.StringSetAsync("a", "b"), default);
        await connection.DisposeAsync();
        await redis.StopAsync();
    }

    private async Task AppendAsync(byte[] bytes)
    {
        var file = Assert.Single(Directory.EnumerateFiles(DataDir, "*.incr.aof", SearchOption.AllDirectories));
        await using var tail = new FileStream(file, FileMode.Append);
        await tail.WriteAsync(bytes);
    }

    private static async Task WriteUntilItFailsAsync(RedisConnection connection, string name, List<string> acknowledged)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var key = $"{name}:{i}";
                await connection.CallAsync(database => database.StringSetAsync(key, "written"), default);
                lock (acknowledged)
                {
                    acknowledged.Add(key);
                }
            }
        }
        catch (StoreException)
        {
            // The server is gone, as expected.
        }
    }

    private static int Count(List<string> acknowledged)
    {
        lock (acknowledged)
        {
            return acknowledged.Count;
        }
    }

    private string Setting(string name)
    {
        var socket = Path.Combine(DataDir, "redis", "redis.sock");
        using var client = Process.Start(new ProcessStartInfo("redis-cli", ["-s", socket, "CONFIG", "GET", name])
        {
            RedirectStandardOutput = true,
        })!;
        return client.StandardOutput.ReadToEnd().Split('\n')[1];
    }

    private static int SessionOf(int processId) =>
        int.Parse(
            File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[3],
            CultureInfo.InvariantCulture);

    private static Task EndsAsync(int processId) =>
        Eventually.HoldsAsync(() => !HostProcess.IsAlive(processId), TimeSpan.FromSeconds(10), () => $"process {processId} lives");

    private static Task RunsAsync(int processId) => Eventually.HoldsAsync(
        () => File.ReadAllText($"/proc/{processId}/comm") == "redis-server\n",
        TimeSpan.FromSeconds(10),
        () => $"process {processId} does not run redis-server");
}
