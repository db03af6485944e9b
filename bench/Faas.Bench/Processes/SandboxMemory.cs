namespace Faas.Bench.Processes;

/// <summary>
/// What a server's sandboxes hold, as the kernel charges their cgroups: with what they have in tmpfs, without pages that they share
/// with a mother. Sources: Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst of the Linux kernel.
/// </summary>
internal static class SandboxMemory
{
    private const string Sandboxes = "faas";
    private static readonly string[] s_files = ["memory.usage_in_bytes", "memory.current"]; // of version 1 and of version 2

    // The mount points of the unified hierarchy and of version 1's controller. Source: mountinfo in proc(5).
    private static readonly string[] s_mounts =
    [
        .. File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' '))
            .Where(fields => fields.Contains("cgroup2") || (fields.Contains("cgroup") && fields[^1].Split(',').Contains("memory")))
            .Select(fields => fields[4]),
    ];

    /// <summary>Each sandbox of a server: the name of its program, and its bytes. None where systemd's scopes set the limits.</summary>
    public static IReadOnlyList<(string Program, long Bytes)> Of(int server) =>
    [
        .. from mount in s_mounts
           let top = Path.Combine(mount, Sandboxes)
           where Directory.Exists(top)
           from own in Directory.EnumerateDirectories(top, $"{server}-*")
           from sandbox in Directory.EnumerateDirectories(own)
           from file in s_files.Select(name => Path.Combine(sandbox, name))
           where int.TryParse(Path.GetFileName(sandbox), out var _) && File.Exists(file) // a mother's name is no number
           let first = File.ReadLines(Path.Combine(sandbox, "cgroup.procs")).FirstOrDefault()
           where first is not null
           select (Path.GetFileName(new FileInfo($"/proc/{first}/exe").LinkTarget ?? ""), KernelFile.Number(file)),
    ];

    /// <summary>What the whole machine could still give to programs.</summary>
    public static long Available => KernelFile.NumberOf("MemAvailable:", File.ReadLines("/proc/meminfo")) << 10;
}
