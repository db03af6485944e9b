using System.Globalization;

namespace Faas.Bench.Processes;

// Theory of operation. Sandboxes come and go, and what a killed process has used is in no parent's account (wait4 was
// never called for it). The kernel counts by cgroup, too, the dead included. Each thing that is measured starts in a
// group of its own in the unified hierarchy, which needs no controller for cpu.stat, so it works beside version 1; there
// sandboxes stay in it. Under version 2 alone the server moves its sandboxes to faas/PID-…, which is added.

/// <summary>A cgroup that tells what everything started in it has used.</summary>
internal sealed class UsageGroup : IDisposable
{
    private const string Procs = "cgroup.procs";
    private const string SandboxesOfServers = "faas";

    private static readonly string s_mount = File.ReadLines("/proc/self/mountinfo")
        .Select(line => line.Split(' '))
        .FirstOrDefault(fields => fields.Contains("cgroup2"))?[4]
        ?? throw new BenchException("No cgroup2 file system is mounted; without one processor time cannot be counted.");

    private static readonly string s_top = Path.Combine(s_mount, $"faas-bench-{Environment.ProcessId}");
    private readonly string _folder;
    private readonly bool _hasBench;

    /// <summary>Makes it. Throws <see cref="BenchException"/> when this user may not.</summary>
    /// <param name="name">Its folder's name.</param>
    /// <param name="hasBench">True: the bench enters it, and with it all that it starts from now on. Its own use is not counted.</param>
    public UsageGroup(string name, bool hasBench = false)
    {
        (_folder, _hasBench) = (Path.Combine(s_top, name), hasBench);
        try
        {
            Directory.CreateDirectory(_folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"{_folder} cannot be made ({refused.Message}); run as root, as the server does.");
        }

        if (hasBench)
        {
            Server = Environment.ProcessId;
            Enter(ProcsFile);
        }
    }

    /// <summary>A process in it that starts sandboxes, which may be in another group; 0: none.</summary>
    public int Server { get; set; }

    /// <summary>Processor time so far, of processes that have ended, too; only differences mean something.</summary>
    public TimeSpan Cpu => TimeSpan.FromMicroseconds(Folders.Sum(CpuMicroseconds))
        - (_hasBench ? Environment.CpuUsage.TotalTime : TimeSpan.Zero);

    /// <summary>Its living processes.</summary>
    public IReadOnlyList<int> Processes =>
    [
        .. Folders.SelectMany(folder => Directory.EnumerateFiles(folder, Procs, SearchOption.AllDirectories)).SelectMany(Pids)
            .Where(pid => pid != Environment.ProcessId),
    ];

    private string ProcsFile => Path.Combine(_folder, Procs);

    private IEnumerable<string> Folders
    {
        get
        {
            var sandboxes = Path.Combine(s_mount, SandboxesOfServers);
            return Server == 0 || !Directory.Exists(sandboxes)
                ? [_folder]
                : [_folder, .. Directory.EnumerateDirectories(sandboxes, $"{Server}-*")];
        }
    }

    /// <summary>
    /// A command line that enters this group and becomes the given one, to be started by the bench's first thread. The
    /// program is ended when that thread is no more, so a bench that is killed leaves no server behind; and it is in a
    /// session of its own, since the bench ends it, and Ctrl-C must not.
    /// </summary>
    public IReadOnlyList<string> Entering(params IEnumerable<string> command) =>
    [
        "/usr/bin/setsid", "/bin/sh", "-c", "echo $$ > \"$1\" && shift && exec setpriv --pdeathsig TERM -- \"$@\"",
        "sh", ProcsFile, .. command,
    ];

    /// <summary>Removes it, when no process is left in it.</summary>
    public void Dispose()
    {
        if (_hasBench)
        {
            Enter(Path.Combine(s_mount, Procs));
        }

        foreach (var folder in (string[])[_folder, s_top])
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // A process is left in it, or another group.
            }
        }
    }

    private static long CpuMicroseconds(string folder) =>
        KernelFile.NumberOf("usage_usec", File.ReadLines(Path.Combine(folder, "cpu.stat")));

    private static void Enter(string file) => File.WriteAllText(file, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    private static int[] Pids(string file)
    {
        try
        {
            return [.. File.ReadLines(file).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(pid => pid > 0)];
        }
        catch (IOException)
        {
            return []; // The sandbox is gone.
        }
    }
}
