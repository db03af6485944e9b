using System.Globalization;

namespace Faas.Testing;

/// <summary>A process as the host's /proc shows it. A sandbox's bubblewrap is one too.</summary>
/// <param name="Pid">Host process id.</param>
/// <param name="Status">The fields of its status file (proc_pid_status(5)).</param>
public sealed record HostProcess(int Pid, IReadOnlyDictionary<string, string[]> Status)
{
    /// <summary>What it calls itself, <c>comm</c>.</summary>
    public string Name => string.Join(' ', Status["Name"]);

    /// <summary>Real, effective, saved and file system user id on the host.</summary>
    public IEnumerable<long> Uids => Numbers("Uid");

    /// <summary>The same of groups.</summary>
    public IEnumerable<long> Gids => Numbers("Gid");

    /// <summary>Whether it is in a pid namespace of its own, unlike bubblewrap's outer process.</summary>
    public bool IsInside => Status["NSpid"].Length > 1;

    /// <summary>Its pid inside the innermost namespace.</summary>
    public int PidInside => int.Parse(Status["NSpid"][^1], CultureInfo.InvariantCulture);

    /// <summary>Whether it is process 1 of its sandbox.</summary>
    public bool IsZygote => IsInside && PidInside == 1;

    /// <summary>What /proc/PID/environ holds.</summary>
    public IReadOnlyDictionary<string, string> Environment => File.ReadAllText($"/proc/{Pid}/environ")
        .Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(variable => variable.Split('=', 2))
        .ToDictionary(parts => parts[0], parts => parts[1]);

    /// <summary>What its descriptors lead to.</summary>
    public IReadOnlyList<string> Descriptors => DescriptorsOf($"{Pid}");

    private bool Lives => Status["State"][0] is not ("Z" or "X");

    private int Parent => int.Parse(Status["PPid"][0], CultureInfo.InvariantCulture);

    /// <summary>Living processes whose real user id is in the range.</summary>
    public static IReadOnlyList<HostProcess> Of(long firstUid, long endUid) =>
        [.. All().Where(process => process.Lives && process.Uids.First() >= firstUid && process.Uids.First() < endUid)];

    /// <summary>Living processes in the cgroups of a server that is not root, whose sandboxes have its own user id.</summary>
    public static IReadOnlyList<HostProcess> OfServer(int server) =>
        [.. All().Where(process => process.Lives && process.IsInCgroupOf(server))];

    /// <summary>False for a process that is gone, or dead and not yet waited for.</summary>
    public static bool IsAlive(int pid) => Look(pid)?.Lives is true;

    /// <summary>A process's parent; 0 when it has ended.</summary>
    public static int ParentOf(int pid) => Look(pid)?.Parent ?? 0;

    /// <summary>The child of that name; 0 when there is none.</summary>
    public static int ChildOf(int parent, string name) =>
        All().FirstOrDefault(child => child.Parent == parent && child.Name == name)?.Pid ?? 0;

    /// <summary>How many children have ended and were not waited for.</summary>
    public static int ZombiesOf(int parent) => All().Count(child => child.Parent == parent && !child.Lives);

    /// <summary>A living process's resident memory in bytes.</summary>
    public static long ResidentBytesOf(int pid) => long.Parse(Look(pid)!.Status["VmRSS"][0], CultureInfo.InvariantCulture) << 10;

    /// <summary>What a process's descriptors lead to; those that close meanwhile are left out.</summary>
    public static IReadOnlyList<string> DescriptorsOf(string process) =>
        [.. Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(path => new FileInfo(path).LinkTarget).OfType<string>()];

    /// <summary>Its directory in a hierarchy of cgroup v1, or in the one of v2.</summary>
    public string PathInHierarchy(string controller) => File.ReadLines($"/proc/{Pid}/cgroup")
        .Select(line => line.Split(':', 3))
        .Single(fields => fields[1].Split(',').Contains(controller))[2];

    private static IEnumerable<HostProcess> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? Look(pid) : null)
        .OfType<HostProcess>();

    private static HostProcess? Look(int pid)
    {
        try
        {
            return new HostProcess(pid, File.ReadAllLines($"/proc/{pid}/status")
                .Select(line => line.Split(':', 2))
                .ToDictionary(parts => parts[0], parts => parts[1].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        }
        catch (IOException)
        {
            return null; // It has ended.
        }
    }

    // A cgroup or scope of a server's sandbox.
    private bool IsInCgroupOf(int server)
    {
        try
        {
            var cgroups = File.ReadAllText($"/proc/{Pid}/cgroup");
            return cgroups.Contains($"/faas/{server}-", StringComparison.Ordinal)
                || cgroups.Contains($"/faas-{server}-", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // It ended while it was looked at.
        }
    }

    private IEnumerable<long> Numbers(string field) => Status[field].Select(number => long.Parse(number, CultureInfo.InvariantCulture));
}
