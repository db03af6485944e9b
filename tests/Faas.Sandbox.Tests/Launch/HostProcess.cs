using System.Globalization;

namespace Faas.Sandbox.Tests.Launch;

/// <summary>A process as the host's /proc shows it. The sandbox's bubblewrap is one too.</summary>
/// <param name="Pid">Host process id.</param>
/// <param name="Status">The fields of its status file.</param>
internal sealed record HostProcess(int Pid, IReadOnlyDictionary<string, string[]> Status)
{
    /// <summary>Real, effective, saved and file system user id on the host.</summary>
    public IEnumerable<long> Uids => Numbers("Uid");

    /// <summary>The same of groups.</summary>
    public IEnumerable<long> Gids => Numbers("Gid");

    /// <summary>Whether it is in a pid namespace of its own, unlike bubblewrap's outer process.</summary>
    public bool IsInside => Status["NSpid"].Length > 1;

    /// <summary>Whether it is process 1 of its sandbox.</summary>
    public bool IsZygote => IsInside && Status["NSpid"][^1] == "1";

    /// <summary>What /proc/PID/environ holds.</summary>
    public IReadOnlyDictionary<string, string> Environment => File.ReadAllText($"/proc/{Pid}/environ")
        .Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(variable => variable.Split('=', 2))
        .ToDictionary(parts => parts[0], parts => parts[1]);

    /// <summary>What its descriptors lead to.</summary>
    public IReadOnlyList<string> Descriptors => DescriptorsOf($"{Pid}");

    /// <summary>Living processes whose real user id is in the range.</summary>
    public static IReadOnlyList<HostProcess> Of(long firstUid, long endUid) =>
        [.. Directory.EnumerateDirectories("/proc").Select(TryRead).OfType<HostProcess>().Where(process => process.Uids.First() >= firstUid && process.Uids.First() < endUid)];

    /// <summary>Living processes in the cgroups of a server that is not root, whose sandboxes have its own user id.</summary>
    public static IReadOnlyList<HostProcess> OfServer(int server) =>
        [.. Directory.EnumerateDirectories("/proc").Select(TryRead).OfType<HostProcess>().Where(process => IsOf(server, process.Pid))];

    /// <summary>What a process's descriptors lead to; those that close meanwhile are left out.</summary>
    public static IReadOnlyList<string> DescriptorsOf(string process) =>
        [.. Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(path => new FileInfo(path).LinkTarget).OfType<string>()];

    /// <summary>Its directory in a hierarchy of cgroup v1, or in the one of v2.</summary>
    public string PathInHierarchy(string controller) => File.ReadLines($"/proc/{Pid}/cgroup")
        .Select(line => line.Split(':', 3))
        .Single(fields => fields[1].Split(',').Contains(controller))[2];

    private static HostProcess? TryRead(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
        {
            return null;
        }

        try
        {
            var status = File.ReadAllLines(Path.Combine(folder, "status"))
                .Select(line => line.Split(':', 2))
                .ToDictionary(parts => parts[0], parts => parts[1].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return status["State"][0] is "Z" or "X" ? null : new HostProcess(pid, status);
        }
        catch (IOException)
        {
            return null; // It ended while it was looked at.
        }
    }

    private static bool IsOf(int server, int pid)
    {
        try
        {
            return SandboxedProcess.IsInCgroupOf(server, pid);
        }
        catch (IOException)
        {
            return false; // It ended while it was looked at.
        }
    }

    private IEnumerable<long> Numbers(string field) => Status[field].Select(number => long.Parse(number, CultureInfo.InvariantCulture));
}
