using Faas.Actors.Linux;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>The server's own place among the cgroups, and who governs them. Tests put another machine in its place.</summary>
/// <param name="Path">The server's cgroup in the unified hierarchy, as in <c>/proc/self/cgroup</c>; null: there is none.</param>
/// <param name="IsRoot">Whether the server may write every directory.</param>
/// <param name="HasSystemd">Whether systemd governs the cgroups, and wants others to ask before they make some (sd_booted(3)).</param>
/// <param name="IsHandedOverAsync">Whether systemd has handed a directory over to be divided (systemd's CGROUP_DELEGATION).</param>
/// <param name="IsOwn">Whether the server may write a directory although it is not root.</param>
internal sealed record OwnCgroup(
    string? Path,
    bool IsRoot,
    bool HasSystemd,
    Func<string, Task<bool>> IsHandedOverAsync,
    Func<string, bool> IsOwn)
{
    private const string Unified = "0::";
    private static readonly string[] s_marks = ["user.delegate", "trusted.delegate"]; // only root can see the second

    /// <summary>Looks at the machine.</summary>
    public static OwnCgroup Read() => new(
        PathIn(File.ReadLines("/proc/self/cgroup")),
        Environment.IsPrivilegedProcess,
        Directory.Exists("/run/systemd/system"),
        async folder => s_marks.Any(mark => Posix.HasAttribute(folder, mark, "1"u8))
            || (!Environment.IsPrivilegedProcess && MayWrite(folder) && await IsDelegatedAsync(folder)),
        MayWrite);

    /// <summary>The path in the lines of <c>/proc/PID/cgroup</c> (cgroups(7)); null: the unified hierarchy is not in use.</summary>
    public static string? PathIn(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(Unified, StringComparison.Ordinal))?[Unified.Length..];

    private static bool MayWrite(string folder) =>
        Posix.MayWrite(folder) && Posix.MayWrite(System.IO.Path.Combine(folder, "cgroup.procs"));

    // Before systemd 253 the manager of a user cannot mark directories. The user owns the directories of all its units, so only
    // the manager knows which unit is delegated.
    private static Task<bool> IsDelegatedAsync(string folder) =>
        new Systemctl(ofSystem: !folder.Contains("/user@", StringComparison.Ordinal)).IsDelegatedAsync(System.IO.Path.GetFileName(folder));
}
