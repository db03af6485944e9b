namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>Where the kernel's cgroup hierarchies are mounted, by /proc/self/mountinfo (proc(5)).</summary>
internal static class CgroupMounts
{
    /// <summary>The unified hierarchy.</summary>
    public static string? V2() => Mounts().Where(mount => mount.Type == "cgroup2").Select(mount => mount.Path).FirstOrDefault();

    /// <summary>The hierarchies of version 1 by controller.</summary>
    public static IReadOnlyDictionary<string, string> V1()
    {
        var found = new Dictionary<string, string>();
        foreach (var (_, path, options) in Mounts().Where(mount => mount.Type == "cgroup"))
        {
            foreach (var option in options)
            {
                found.TryAdd(option, path);
            }
        }

        return found;
    }

    private static IEnumerable<(string Type, string Path, string[] Options)> Mounts() =>
        from line in File.ReadLines("/proc/self/mountinfo")
        let fields = line.Split(' ')
        let dash = Array.IndexOf(fields, "-")
        where dash > 4 && fields.Length > dash + 3
        select (fields[dash + 1], fields[4], fields[dash + 3].Split(','));
}
