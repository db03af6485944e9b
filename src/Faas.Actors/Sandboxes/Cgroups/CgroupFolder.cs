using System.Globalization;
using Faas.Actors.Sandboxes.Launch;

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

    /// <summary>Kills the processes of a directory until it can be removed.</summary>
    public static async Task RemoveAsync(string folder)
    {
        for (var delay = s_firstRetry; !TryRemove(folder); delay = delay * 2 < s_longestRetry ? delay * 2 : s_longestRetry)
        {
            KillAll(folder);
            await Task.Delay(delay);
        }
    }

    /// <summary>Kills and removes what servers that are dead have left under <paramref name="top"/>.</summary>
    public static void RemoveLeftovers(string top)
    {
        if (!Directory.Exists(top))
        {
            return;
        }

        foreach (var server in Directory.EnumerateDirectories(top).Where(folder => !ServerIdentity.IsAlive(Path.GetFileName(folder))))
        {
            foreach (var sandbox in Subfolders(server))
            {
                RemoveAsync(sandbox).GetAwaiter().GetResult();
            }

            TryRemove(server);
        }
    }

    /// <summary>The value of <paramref name="name"/> in a file of lines <c>name value</c>; 0 when it is not there.</summary>
    public static long Counter(string file, string name)
    {
        try
        {
            foreach (var line in File.ReadLines(file))
            {
                if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ' ')
                {
                    return long.Parse(line.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture);
                }
            }
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // The sandbox has ended and its directory with it.
        }

        return 0;
    }

    /// <summary>Writes a number into a file of the directory.</summary>
    public static void Write(string folder, string file, long value) => File.WriteAllText(Path.Combine(folder, file), value.ToString(CultureInfo.InvariantCulture));

    private static string[] Subfolders(string folder) => Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];

    // Not Directory.Delete, which first tries to delete the directory's files and fails on the kernel's.
    private static bool TryRemove(string folder) => Posix.RemoveFolder(folder) || !Directory.Exists(folder);

    private static void KillAll(string folder)
    {
        try
        {
            foreach (var line in File.ReadAllLines(Path.Combine(folder, "cgroup.procs")))
            {
                Posix.Kill(int.Parse(line, NumberStyles.None, CultureInfo.InvariantCulture));
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It went away meanwhile, or its last processes are no longer there to be listed.
        }
    }
}
