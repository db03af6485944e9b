using System.Globalization;
using Faas.Actors.Linux;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// What both versions of cgroups share: directories, their files of numbers, and how to get rid of them.
///
/// Theory of operation: a cgroup directory can be removed only when no process is in it, zombies that are not yet
/// reaped by the kernel included; rmdir(2) then says EBUSY. So a removal that works is the proof that a sandbox is
/// gone. Directories carry the name of the server that made them (<see cref="ServerIdentity"/>), by which the next
/// server on the machine recognizes what a dead one has left behind.
/// </summary>
internal static class CgroupFolder
{
    /// <summary>Directory under a controller's root for all servers of this machine.</summary>
    public const string Top = "faas";

    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromMilliseconds(20);

    /// <summary>Kills the processes of a directory until it can be removed. Throws <see cref="UnauthorizedAccessException"/> when it never can.</summary>
    public static Task RemoveAsync(string folder) => KillUntilAsync(folder, () => Posix.TryRemoveFolder(folder));

    /// <summary>Kills the processes of a directory of version 2 until it has none, and leaves it for its counters to be read.</summary>
    public static Task EmptyAsync(string folder) => KillUntilAsync(folder, () => !IsPopulated(folder));

    /// <summary>Removes those of the directories that are there and have nothing in them.</summary>
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
                // Not ours: whatever failed before has said so.
            }
        }
    }

    /// <summary>
    /// Kills and removes what servers that are dead have left under <paramref name="top"/>. One of another pid namespace may
    /// be alive, and is left alone.
    /// </summary>
    public static void RemoveLeftovers(string top)
    {
        if (!Directory.Exists(top))
        {
            return;
        }

        foreach (var server in Directory.EnumerateDirectories(top).Where(folder => !ServerIdentity.IsAlive(Path.GetFileName(folder))))
        {
            Task.WhenAll(Subfolders(server).Select(RemoveAsync)).GetAwaiter().GetResult();
            Posix.TryRemoveFolder(server);
        }
    }

    /// <summary>Writes a number into a file of the directory.</summary>
    public static void Write(string folder, string file, long value) => File.WriteAllText(Path.Combine(folder, file), value.ToString(CultureInfo.InvariantCulture));

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

    // cgroup.kill: Linux 5.14, version 2.
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
            return false; // It has gone, and with it whatever was in it.
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
            return []; // Another server was quicker.
        }
    }

    private static List<int> Processes(string folder)
    {
        try
        {
            return [.. File.ReadLines(Path.Combine(folder, "cgroup.procs")).Select(line => int.Parse(line, NumberStyles.None, CultureInfo.InvariantCulture))];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return []; // It went away meanwhile, or its last processes are no longer there to be listed.
        }
    }
}
