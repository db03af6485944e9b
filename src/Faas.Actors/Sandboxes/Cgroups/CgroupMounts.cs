namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>Where the kernel's cgroup hierarchies are mounted. Source: mountinfo in proc(5).</summary>
/// <param name="V2">The unified hierarchy; null: it is not mounted.</param>
/// <param name="V1">The hierarchies of version 1 by mount option. A controller's mount option is its name.</param>
internal sealed record CgroupMounts(string? V2, IReadOnlyDictionary<string, string> V1)
{
    /// <summary>The mounts that this process sees.</summary>
    public static CgroupMounts Own() => Parse(File.ReadLines("/proc/self/mountinfo"));

    /// <summary>Reads the lines of mountinfo. Other lines are skipped.</summary>
    public static CgroupMounts Parse(IEnumerable<string> mountinfo)
    {
        string? unified = null;
        var found = new Dictionary<string, string>();
        foreach (var line in mountinfo)
        {
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (dash <= 4 || fields.Length <= dash + 3)
            {
                continue;
            }

            if (fields[dash + 1] == "cgroup2")
            {
                unified ??= fields[4];
            }
            else if (fields[dash + 1] == "cgroup")
            {
                foreach (var option in fields[dash + 3].Split(','))
                {
                    found.TryAdd(option, fields[4]);
                }
            }
        }

        return new CgroupMounts(unified, found);
    }
}
