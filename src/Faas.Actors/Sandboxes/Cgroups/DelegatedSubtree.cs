namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The part of the unified hierarchy in which a server may make cgroups.
///
/// Theory of operation: where systemd governs the hierarchy, it hands a unit's directory over when the unit has Delegate=yes:
/// it marks the directory and gives it to the unit's user. The server may then divide that directory. But the kernel hands
/// controllers down only from a directory without processes (the "no internal processes" rule; writing cgroup.subtree_control
/// fails with EBUSY otherwise), and the server itself is in it. So the server first moves into a leaf of the directory,
/// together with every other process there. A server that is started by one that has moved finds itself in that leaf, so it
/// looks one directory up. Without systemd, root takes the top of the hierarchy, which is exempt from the rule (the top that
/// a container sees is not), and any other user takes its own directory if it may write that.
/// Sources: cgroup-v2.rst of the Linux kernel, CGROUP_DELEGATION.md of systemd.
/// </summary>
internal static class DelegatedSubtree
{
    /// <summary>The leaf into which the server moves.</summary>
    public const string Leaf = "server";

    // What cgroup.procs shows for a process of a pid namespace that the server cannot see into.
    private const string Foreign = "0";

    private const string Procs = "cgroup.procs";

    /// <summary>Finds the directory.</summary>
    /// <param name="mount">Where the unified hierarchy is mounted; null: it is not.</param>
    /// <param name="own">The server's place in it.</param>
    public static async Task<Attempt<string>> FindAsync(string? mount, OwnCgroup own)
    {
        if (mount is null || own.Path is not { } path)
        {
            return Attempt<string>.Failure("not mounted");
        }

        var here = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(mount, Path.Combine);
        var above = Path.GetFileName(here) == Leaf ? Path.GetDirectoryName(here)! : here;
        foreach (var folder in new[] { above, here })
        {
            if (await own.IsHandedOverAsync(folder))
            {
                return Attempt<string>.Success(folder);
            }
        }

        if (own.HasSystemd)
        {
            return Attempt<string>.Failure($"systemd has not handed {path} over to the server, as Delegate=yes in its unit would");
        }

        var writable = own.IsRoot ? mount : new[] { above, here }.FirstOrDefault(own.IsOwn);
        return writable is null ? Attempt<string>.Failure($"{path} is not the server's to write") : Attempt<string>.Success(writable);
    }

    /// <summary>
    /// Moves every process of the directory into the leaf, where the kernel requires that before children get controllers.
    /// Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public static void MoveProcesses(string folder)
    {
        // The top of the hierarchy has no such file, and may hold processes.
        if (!File.Exists(Path.Combine(folder, "cgroup.events")))
        {
            return;
        }

        var leaf = Directory.CreateDirectory(Path.Combine(folder, Leaf)).FullName;

        // A process can fork while the others are moved, so this repeats until the list is empty.
        while (File.ReadAllLines(Path.Combine(folder, Procs)) is { Length: > 0 } processes)
        {
            foreach (var process in processes)
            {
                Move(process, leaf);
            }
        }
    }

    private static void Move(string process, string leaf)
    {
        if (process == Foreign)
        {
            throw new IOException($"a process of another pid namespace is in {Path.GetDirectoryName(leaf)} and cannot be moved");
        }

        try
        {
            File.WriteAllText(Path.Combine(leaf, Procs), process);
        }
        catch (IOException) when (!Directory.Exists($"/proc/{process}"))
        {
            // The process has ended.
        }
    }
}
