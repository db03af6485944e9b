using System.Globalization;
using Faas.Actors.Sandboxes.Cgroups;

namespace Faas.Bench.Processes;

// Theory of operation. Sandboxes come and go, and what a killed process has used is in no parent's account (wait4 was
// never called for it). The kernel counts by cgroup, too, the dead included. Each thing that is measured starts in a
// group of its own in the unified hierarchy, which needs no controller for cpu.stat, so it works beside version 1; there
// sandboxes stay in it. Under version 2 alone the server moves its sandboxes to faas/PID-…, which is added.

/// <summary>A cgroup that says what everything started in it has used.</summary>
internal sealed class UsageGroup : IUsage, IDisposable
{
    private static readonly string s_mount = CgroupMounts.Own().V2
        ?? throw new BenchException("No cgroup2 file system is mounted; without one processor time cannot be counted.");

    private static readonly string s_top = Path.Combine(s_mount, $"faas-bench-{Environment.ProcessId}");
    private readonly string _folder;

    /// <summary>Makes it. Throws <see cref="BenchException"/> when this user may not.</summary>
    public UsageGroup(string name)
    {
        _folder = Path.Combine(s_top, name);
        try
        {
            Directory.CreateDirectory(_folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"{_folder} cannot be made ({refused.Message}); run as root, as the server does.");
        }
    }

    /// <summary>The file into which a process writes its pid to be counted here.</summary>
    public string ProcsFile => Path.Combine(_folder, "cgroup.procs");

    /// <summary>A server among its processes, whose sandboxes may be elsewhere; 0: none.</summary>
    public int Server { get; set; }

    /// <inheritdoc/>
    public TimeSpan Cpu => TimeSpan.FromMicroseconds(Folders.Sum(folder => CpuStat.Parse(File.ReadLines(Path.Combine(folder, "cpu.stat")))));

    /// <inheritdoc/>
    public IReadOnlyList<int> Processes => [.. Folders.SelectMany(folder => Directory.EnumerateFiles(folder, "cgroup.procs", SearchOption.AllDirectories)).SelectMany(Pids)];

    private IEnumerable<string> Folders
    {
        get
        {
            var sandboxes = Path.Combine(s_mount, CgroupFolder.Top);
            return Server == 0 || !Directory.Exists(sandboxes)
                ? [_folder]
                : [_folder, .. Directory.EnumerateDirectories(sandboxes, $"{Server}-*")];
        }
    }

    /// <summary>Brings this process into the group.</summary>
    public void Join() => Enter(ProcsFile);

    /// <summary>Brings it out again, so that the group can go.</summary>
    public static void Leave() => Enter(Path.Combine(s_mount, "cgroup.procs"));

    /// <summary>Removes it. Only when no process is left.</summary>
    public void Dispose() => CgroupFolder.RemoveEmpty([_folder, s_top]);

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
