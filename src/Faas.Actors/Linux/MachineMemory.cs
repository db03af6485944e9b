using System.Globalization;

namespace Faas.Actors.Linux;

/// <summary>
/// The memory that this process may have: the machine's, or less where its cgroup or one above it has a limit, as in a container.
/// Sources: proc(5) (meminfo, self/cgroup), cgroups(7), the kernel's cgroup-v2.rst (memory.max) and cgroup-v1/memory.rst.
/// </summary>
public static class MachineMemory
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>In bytes.</summary>
    public static long Bytes => Limits().Append(Total()).Min();

    private static long Total()
    {
        const string name = "MemTotal:";
        var line = File.ReadLines("/proc/meminfo").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..^"kB".Length], CultureInfo.InvariantCulture) << 10;
    }

    // A line of /proc/self/cgroup is "0::/path" for version 2 and "4:memory:/path" for the memory hierarchy of version 1.
    private static IEnumerable<long> Limits()
    {
        foreach (var fields in File.ReadLines("/proc/self/cgroup").Select(line => line.Split(':', 3)))
        {
            var (top, file) = fields[1] switch
            {
                "" => (Root, "memory.max"),
                var controllers when controllers.Split(',').Contains("memory") => ($"{Root}/memory", "memory.limit_in_bytes"),
                _ => (null, ""),
            };
            for (var path = fields[2]; top is not null; path = path[..path.LastIndexOf('/')])
            {
                if (ReadLimit($"{top}{path.TrimEnd('/')}/{file}") is { } limit)
                {
                    yield return limit;
                }

                if (path.Length <= 1)
                {
                    break;
                }
            }
        }
    }

    // The file does not exist in the root of version 2, and not below the mount in a container; "max" is no limit.
    private static long? ReadLimit(string file)
    {
        try
        {
            return long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var limit) ? limit : null;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
