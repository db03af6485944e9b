namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The part of the unified hierarchy in which a server may make cgroups.
///
/// Theory of operation: systemd governs the hierarchy, and hands parts of it over where it is asked to (Delegate=yes):
/// it marks the unit's directory, and gives it to the unit's user. That directory is then ours to divide. But only
/// leaves may hold processes once controllers are handed down to children (the "no internal processes" rule; writing
/// cgroup.subtree_control says EBUSY otherwise), and the directory holds the server: so the server, with all that runs
/// beside it there, first moves into a leaf. A server that is started by one that has moved finds itself in that leaf,
/// and looks one directory up. Without systemd root takes the top of the hierarchy, which is exempt from the rule,
/// unless it is a container's; others take their own directory where they may write it.
/// Sources: cgroup-v2.rst of the Linux kernel, CGROUP_DELEGATION.md of systemd.
/// </summary>
internal static class DelegatedSubtree
{
    /// <summary>The leaf into which the server moves.</summary>
    public const string Leaf = "server";

    // How cgroup.procs lists a process of a pid namespace that we cannot see into.
    private const string Foreign = "0";

    private const string Procs = "cgroup.procs";

    /// <summary>The directory; null with the reason when there is none.</summary>
    public static string? Find(string? mount, OwnCgroup own, out string why)
    {
        why = "";
        if (mount is null || own.Path is not { } path)
        {
            why = "not mounted";
            return null;
        }

        var here = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(mount, Path.Combine);
        var above = Path.GetFileName(here) == Leaf ? Path.GetDirectoryName(here)! : here;
        if (new[] { above, here }.FirstOrDefault(own.IsHandedOver) is { } handedOver)
        {
            return handedOver;
        }

        if (own.HasSystemd)
        {
            why = $"systemd has not handed {path} over to the server, as Delegate=yes in its unit would";
            return null;
        }

        if (own.IsRoot)
        {
            return mount;
        }

        if (new[] { above, here }.FirstOrDefault(own.IsOwn) is { } writable)
        {
            return writable;
        }

        why = $"{path} is not the server's to write";
        return null;
    }

    /// <summary>
    /// Moves every process of the directory into its leaf, where that is needed for children to have controllers.
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
        while (File.ReadAllLines(Path.Combine(folder, Procs)) is { Length: > 0 } processes) // some fork meanwhile
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
            // It has ended.
        }
    }
}
