using System.Diagnostics;
using Faas.Actors.Storage.Redis;

namespace Faas.Actors.Storage.Embedded;

/// <summary>
/// The command line of the embedded redis-server. From the outside in:
/// <c>umask</c>: only the owner can read its files; <c>setsid</c>: Ctrl-C at the terminal reaches the server and not Redis,
/// to which the server still writes while it drains; <c>flock</c>: Redis itself holds a lock, so two never run in one
/// folder; <c>setpriv --pdeathsig</c>: when the server is killed, so is Redis (prctl(2): when the *thread* that forked it
/// ends); a check of the parent's process id, in case the server was killed before that.
/// Each execs the next, so all are one process.
/// </summary>
internal static class EmbeddedRedisCommand
{
    /// <summary>Exit status that says that another process holds Redis's own lock.</summary>
    public const int LockedExitCode = 75;

    private const string Launch = "umask 077; exec setsid "
        + "flock --no-fork --nonblock --conflict-exit-code \"$0\" redis.lock setpriv --pdeathsig KILL \"$@\"";
    private const string LaunchIfParentLives = "[ \"$PPID\" = \"$0\" ] && exec \"$@\"";

    private static readonly string[] s_launchers = ["setsid", "flock", "setpriv"];

    private static readonly string[] s_options =
    [
        "--port", "0",
        "--unixsocket", DataFolder.SocketName,
        "--unixsocketperm", "700",
        "--daemonize", "no",
        "--appendonly", "yes",
        "--appendfsync", "always",
        "--no-appendfsync-on-rewrite", "no",
        "--aof-load-truncated", "yes",
        "--save", "",
        "--databases", "1",
        "--maxmemory", "0",
    ];

    /// <summary>
    /// Ready to start, with both output streams redirected. Throws <see cref="StoreStartException"/> when a program is missing.
    /// </summary>
    public static ProcessStartInfo For(string executable, string folder)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        if (s_launchers.FirstOrDefault(launcher => Find(launcher, path) is null) is { } missing)
        {
            throw new StoreStartException(
                $"'{missing}', which starts the embedded store, was not found. "
                + "Install it (apt install util-linux), or set REDIS_HOST to use a Redis server.")
            { MayPass = false };
        }

        var redis = Find(executable, path)
            ?? throw new StoreStartException(
                $"'{executable}', the embedded store (faas.store.embedded.executable), was not found. "
                + "Install it (apt install redis-server), or set REDIS_HOST to use a Redis server.")
            { MayPass = false };
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Fill(
            start,
            ["-c", Launch, $"{LockedExitCode}", "/bin/sh", "-c", LaunchIfParentLives, $"{Environment.ProcessId}", redis, .. s_options],
            path);
    }

    /// <summary>Where a program is: at its own path if it has one, else on PATH; null: it is not there.</summary>
    public static string? Find(string program, string path) => (program.Contains('/', StringComparison.Ordinal)
            ? [Path.GetFullPath(program)]
            : path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)))
        .FirstOrDefault(IsExecutable);

    private static bool IsExecutable(string file) => File.Exists(file)
        && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static ProcessStartInfo Fill(ProcessStartInfo start, string[] arguments, string path)
    {
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = path;
        return start;
    }
}
