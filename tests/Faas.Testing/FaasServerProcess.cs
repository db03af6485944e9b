using System.Text.RegularExpressions;

namespace Faas.Testing;

/// <summary>The real server as a process of its own, on a free port, with its own data folder and host user ids.</summary>
public sealed class FaasServerProcess
{
    /// <summary>How many host user ids each server has.</summary>
    public const int UidsEach = 1000;

    // The kernel counts a user's processes over the whole machine (RLIMIT_NPROC, getrlimit(2)). So no two servers may share a
    // user id, not even servers of two test processes that run at once. Each test process has room for 200 servers.
    private static int s_nextUid = 5_000_000 + (Environment.ProcessId % 10_000 * 200 * UidsEach);

    private FaasServerProcess(ServerProcess process, string folder, int firstUid) =>
        (Process, Folder, FirstUid) = (process, folder, firstUid);

    /// <summary>A moment before the process was there, in UTC.</summary>
    public DateTime StartedAt { get; private init; }

    /// <summary>The process.</summary>
    public ServerProcess Process { get; }

    /// <summary>Its working directory, with its data.</summary>
    public string Folder { get; }

    /// <summary>The first of its sandboxes' host user ids, of which there are <see cref="UidsEach"/>.</summary>
    public int FirstUid { get; }

    /// <summary>Starts one and does not wait.</summary>
    /// <param name="command">The command line: <c>dotnet faas-server.dll</c>, and what is to stand before it.</param>
    /// <param name="settings">HOCON that overrides the shipped file.</param>
    /// <param name="folder">The folder of an earlier server, to go on with its data; null: a new one, for the caller to delete.</param>
    /// <param name="environment">Further environment variables.</param>
    public static FaasServerProcess Start(
        IReadOnlyList<string> command,
        string settings = "",
        string? folder = null,
        params IEnumerable<(string Name, string Value)> environment)
    {
        folder ??= TestFolder.Create("faas-test-");
        var firstUid = Interlocked.Add(ref s_nextUid, UidsEach);
        var overrides = Path.Combine(folder, "overrides.conf");
        string[] own = [$"faas.sandbox.first-uid = {firstUid}", .. Patience.Settings, .. TestLaunch.Settings];
        File.WriteAllText(overrides, $"{string.Join('\n', own.Where(line => !IsSetBy(settings, line)))}\n{settings}\n");
        var startedAt = DateTime.UtcNow;
        var process = ServerProcess.Start(command, folder, [("HTTP_PORT", "0"), ("FAAS_CONFIG", overrides), .. environment]);
        return new FaasServerProcess(process, folder, firstUid) { StartedAt = startedAt };
    }

    // A key may be set once in a file.
    private static bool IsSetBy(string settings, string line) =>
        Regex.IsMatch(settings, $@"(?<![\w-]){Regex.Escape(line.Split('=')[0].Trim().Split('.')[^1])}\s*=");
}
