using System.Globalization;
using Faas.Actors.Linux;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// What both versions of cgroups share: directories, the numbers in their files, and their removal.
///
/// Theory of operation: rmdir(2) removes a cgroup's directory only when no process is in the cgroup, zombies that the kernel
/// has not yet reaped included; until then it fails with EBUSY. So a removal that succeeds proves that the sandbox is gone.
/// Each directory carries the name of the server that made it (<see cref="ServerIdentity"/>), so that the next server on the
/// machine can tell which directories a dead server has left.
/// </summary>
internal static class CgroupFolder
{
    /// <summary>The directory under a controller's root that holds the directories of all servers on this machine.</summary>
    public const string Top = "faas";

    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Kills the processes of a directory until the directory can be removed. Throws <see cref="UnauthorizedAccessException"/>
    /// when this user may not remove it.
    /// </summary>
    public static Task RemoveAsync(string folder) => KillUntilAsync(folder, () => Posix.TryRemoveFolder(folder));

    /// <summary>Kills the processes of a directory of version 2, and keeps the directory, so that its counters can be read.</summary>
    public static Task EmptyAsync(string folder) => KillUntilAsync(folder, () => !IsPopulated(folder));

    /// <summary>Removes those of the directories that exist and have no processes and no subdirectories.</summary>
    public static void RemoveEmpty(IEnumerable<string> folders)
    {
        foreach (var folder in folders)
        {
            try
            {
                Posix.TryRemoveFolder(folder);
            }
            catch (UnauthorizedAccessException)
            {
                // The directory belongs to another user. The failure that led here has reported it.
            }
        }
    }

    /// <summary>
    /// Kills and removes what dead servers have left under <paramref name="top"/>. The directories of a server in another pid
    /// namespace stay, because that server may be alive.
    /// </summary>
    public static async Task RemoveLeftoversAsync(string top)
    {
        if (!Directory.Exists(top))
        {
            return;
        }

        foreach (var server in Directory.EnumerateDirectories(top).Where(folder => !ServerIdentity.IsAlive(Path.GetFileName(folder))))
        {
            await Task.WhenAll(Subfolders(server).Select(RemoveAsync));
            Posix.TryRemoveFolder(server);
        }
    }

    /// <summary>Writes a number into a file of the directory.</summary>
    public static void Write(string folder, string file, long value) =>
        File.WriteAllText(Path.Combine(folder, file), value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Moves a process into the cgroups of these <c>cgroup.procs</c> files.</summary>
    public static void Join(IReadOnlyList<string> procsFiles, int pid)
    {
        var text = pid.ToString(CultureInfo.InvariantCulture);
        foreach (var file in procsFiles)
        {
            File.WriteAllText(file, text);
        }
    }

    /// <summary>Whether a process is in a directory.</summary>
    public static bool Has(string folder, int pid) => Processes(folder).Contains(pid);

    private static async Task KillUntilAsync(string folder, Func<bool> done)
    {
        for (var delay = s_firstRetry; !done(); delay = delay * 2 < s_longestRetry ? delay * 2 : s_longestRetry)
        {
            if (!TryKillAll(folder))
            {
                Processes(folder).ForEach(pid => Posix.Signal(pid, Posix.SigKill));
            }

            await Task.Delay(delay);
        }
    }

    // The file cgroup.kill exists in version 2 from Linux 5.14 on.
    private static bool TryKillAll(string folder)
    {
        var file = Path.Combine(folder, "cgroup.kill");
        if (!File.Exists(file))
        {
            return false;
        }

        try
        {
            File.WriteAllText(file, "1");
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return !Directory.Exists(folder);
        }
    }

    private static bool IsPopulated(string folder)
    {
        try
        {
            return File.ReadLines(Path.Combine(folder, "cgroup.events")).Contains("populated 1");
        }
        catch (IOException)
        {
            return false; // The directory is gone, so no process is in it.
        }
    }

    private static string[] Subfolders(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return []; // Another server has removed it first.
        }
    }

    private static List<int> Processes(string folder)
    {
        try
        {
            var lines = File.ReadLines(Path.Combine(folder, "cgroup.procs"));
            return [.. lines.Select(line => int.Parse(line, NumberStyles.None, CultureInfo.InvariantCulture))];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return []; // The directory is gone, or its last processes have ended and are not listed any more.
        }
    }
}
