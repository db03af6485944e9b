using System.Globalization;

namespace Faas.Actors.Linux;

/// <summary>Reads /proc/PID/status (proc_pid_status(5)).</summary>
internal static class ProcStatus
{
    private const string Uids = "Uid:";
    private const string Parent = "PPid:";
    private const string Effective = "CapEff:";

    /// <summary>The effective capabilities of this process, a bit each (capabilities(7)).</summary>
    public static ulong EffectiveCapabilities => ulong.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(Effective, StringComparison.Ordinal))[Effective.Length..].Trim(),
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture);

    /// <summary>The real user id of a process; null: the process is gone.</summary>
    public static long? UidOf(int pid) =>
        ValueOf(pid, Uids)?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0] is { } real ? Number(real) : null;

    /// <summary>The parent of a process, 0 for a parent in another pid namespace; null: the process is gone.</summary>
    public static long? ParentOf(int pid) => ValueOf(pid, Parent) is { } parent ? Number(parent.Trim()) : null;

    /// <summary>
    /// The children of a process (proc_pid_task_tid_children(5)), those of its first thread; none: it has none, or is gone.
    /// </summary>
    public static IReadOnlyList<int> ChildrenOf(int pid)
    {
        try
        {
            return
            [
                .. File.ReadAllText($"/proc/{pid}/task/{pid}/children")
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(child => (int)Number(child)),
            ];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string? ValueOf(int pid, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line?[name.Length..];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
