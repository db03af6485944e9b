using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Faas.Testing;

/// <summary>
/// A redis-server of a test's own: TCP on loopback, a password, a database that is not 0. Its parent is a shell that waits
/// for the end of its stdin and then kills it, so it ends with the test host, however that ends.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    /// <summary>What it wants of its clients.</summary>
    public const string Password = "correct horse battery=staple";

    /// <summary>The database that a client should use.</summary>
    public const int Database = 3;

    /// <summary>Where it logs, in its folder.</summary>
    internal const string LogFile = "redis.log";

    private const string Ready = "Ready to accept connections";
    /// <summary>A shell's script: runs a command until the shell's stdin ends, and prints its process id.</summary>
    internal const string Guarded = $": >{LogFile}; \"$@\" </dev/null >>{LogFile} 2>&1 & echo $!; read -r _; kill -9 $!; wait";
    private const int Attempts = 5; // another program may take the free port first
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly string _folder;
    private readonly bool _ownsFolder;
    private readonly string[] _options;
    private Process _shell;

    private RedisServer(string folder, bool ownsFolder, int port, string[] options, Process shell)
    {
        (_folder, _ownsFolder, Port, _options, _shell) = (folder, ownsFolder, port, options, shell);
        ProcessId = PidFrom(shell);
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>redis-server's own process id.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The variables that send a server to this Redis.</summary>
    public (string Name, string Value)[] Environment =>
    [
        ("REDIS_HOST", "127.0.0.1"),
        ("REDIS_PORT", Port.ToString(CultureInfo.InvariantCulture)),
        ("REDIS_PASSWORD", Password),
        ("REDIS_DB", Database.ToString(CultureInfo.InvariantCulture)),
    ];

    private string Log => File.ReadAllText(Path.Combine(_folder, LogFile));

    /// <summary>Starts one and waits until it accepts connections.</summary>
    /// <param name="folder">Where its data lies, which outlives it; null: a folder that goes with it.</param>
    /// <param name="options">Further options of redis-server, which win over those of every test.</param>
    public static async Task<RedisServer> StartAsync(string? folder = null, params string[] options)
    {
        var ownsFolder = folder is null;
        folder ??= TestFolder.Create("faas-redis-");
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Find();
            var server = new RedisServer(folder, ownsFolder, port, options, Launch(folder, port, options));
            try
            {
                await server.AcceptsAsync();
                return server;
            }
            catch (ServerStartException) when (attempt < Attempts)
            {
                await server.KillAsync();
            }
        }
    }

    /// <summary>SIGKILL, and its end; nothing when it has been killed before.</summary>
    public Task KillAsync()
    {
        _shell.StandardInput.Close();
        return _shell.WaitForExitAsync();
    }

    /// <summary>Starts it again on its port and data, and waits until it accepts connections.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        _shell.Dispose();
        _shell = Launch(_folder, Port, _options);
        ProcessId = PidFrom(_shell);
        await AcceptsAsync();
    }

    /// <summary>One command of an operator.</summary>
    public async Task CommandAsync(string command, params object[] arguments)
    {
        await using var connection = await ConnectAsync();
        await connection.GetServers()[0].ExecuteAsync(command, arguments);
    }

    /// <summary>SIGSTOP: it is there, and answers nothing.</summary>
    public void Pause() => Signals.Send(ProcessId, Signals.Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signals.Send(ProcessId, Signals.Continue);

    /// <summary>How many keys of its database match a pattern.</summary>
    public async Task<int> CountKeysAsync(string pattern)
    {
        await using var connection = await ConnectAsync();
        return await connection.GetServers()[0].KeysAsync(Database, pattern).CountAsync();
    }

    /// <summary>What a client of its database does.</summary>
    public async Task UseAsync(Func<IDatabase, Task> use)
    {
        await using var connection = await ConnectAsync();
        await use(connection.GetDatabase(Database));
    }

    /// <summary>Deletes the keys of its database that match a pattern.</summary>
    public async Task DeleteKeysAsync(string pattern)
    {
        await using var connection = await ConnectAsync();
        await foreach (var key in connection.GetServers()[0].KeysAsync(Database, pattern))
        {
            await connection.GetDatabase(Database).KeyDeleteAsync(key);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _shell.Dispose();
        if (_ownsFolder)
        {
            Directory.Delete(_folder, true);
        }
    }

    private static Process Launch(string folder, int port, string[] options) => Process.Start(new ProcessStartInfo(
        "/bin/sh",
        [
            "-c", Guarded, "sh", "redis-server", "--bind", "127.0.0.1", "--port", $"{port}", "--requirepass", Password,
            "--appendonly", "yes", "--appendfsync", "always", "--save", "", .. options,
        ])
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    /// <summary>The process id that <see cref="Guarded"/> prints.</summary>
    internal static int PidFrom(Process shell) => int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);

    private async Task AcceptsAsync()
    {
        await Eventually.HoldsAsync(
            () => Log.Contains(Ready, StringComparison.Ordinal) || !HostProcess.IsAlive(ProcessId), s_patience, () => Log);
        if (!HostProcess.IsAlive(ProcessId))
        {
            throw new ServerStartException($"redis-server ended: {Log}");
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync() => await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
    {
        EndPoints = { { "127.0.0.1", Port } },
        Password = Password,
        DefaultDatabase = Database,
        AllowAdmin = true,
    });
}
