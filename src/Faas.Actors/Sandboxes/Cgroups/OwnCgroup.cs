using Faas.Actors.Linux;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>What a process can know of its place among the cgroups and of who governs them.</summary>
/// <param name="Path">Its cgroup in the unified hierarchy, as <c>/proc/self/cgroup</c> has it; null: there is none.</param>
/// <param name="IsRoot">It may write wherever it likes.</param>
/// <param name="HasSystemd">The machine's cgroups are systemd's, who wants to be asked before others make some (sd_booted(3)).</param>
/// <param name="IsHandedOver">Whether systemd has marked a directory as another's to divide (systemd's CGROUP_DELEGATION).</param>
/// <param name="IsOwn">Whether a directory may be written without being root.</param>
internal sealed record OwnCgroup(string? Path, bool IsRoot, bool HasSystemd, Func<string, bool> IsHandedOver, Func<string, bool> IsOwn)
{
    private const string Unified = "0::";
    private static readonly string[] s_marks = ["user.delegate", "trusted.delegate"]; // the second only root sees

    /// <summary>What this process knows.</summary>
    public static OwnCgroup Read() => new(
        PathIn(File.ReadLines("/proc/self/cgroup")),
        Environment.IsPrivilegedProcess,
        Directory.Exists("/run/systemd/system"),
        folder => s_marks.Any(mark => Posix.HasAttribute(folder, mark, "1"u8)) || (!Environment.IsPrivilegedProcess && MayWrite(folder) && IsDelegated(folder)),
        MayWrite);

    private static bool MayWrite(string folder) => Posix.MayWrite(folder) && Posix.MayWrite(System.IO.Path.Combine(folder, "cgroup.procs"));

    // A user's manager before systemd 253 cannot mark, and all its units' directories are the user's.
    private static bool IsDelegated(string folder) =>
        new Systemctl(ofSystem: !folder.Contains("/user@", StringComparison.Ordinal)).IsDelegatedAsync(System.IO.Path.GetFileName(folder)).GetAwaiter().GetResult();

    /// <summary>The path in the lines of <c>/proc/PID/cgroup</c> (cgroups(7)); null: the unified hierarchy is not in use.</summary>
    public static string? PathIn(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(Unified, StringComparison.Ordinal))?[Unified.Length..];
}
