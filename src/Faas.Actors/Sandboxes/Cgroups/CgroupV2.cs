using System.Globalization;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The unified hierarchy, where it is the server's to divide (<see cref="DelegatedSubtree"/>): <c>faas/SERVER/SANDBOX</c> below that.
///
/// memory.oom.group stays 0 on purpose: the kernel then kills one process and counts it, which is what version 1 does
/// too, and the zygote, which is small, lives to say how the call ended. The count alone makes the outcome `oom`.
/// Source: Documentation/admin-guide/cgroup-v2.rst of the Linux kernel.
/// </summary>
public sealed class CgroupV2 : ICgroups
{
    private static readonly string[] s_controllers = ["memory", "cpu", "pids"];
    private readonly SandboxLimits _limits;
    private readonly string _top;

    internal CgroupV2(SandboxLimits limits, string subtree) => (_limits, _top) = (limits, Path.Combine(subtree, CgroupFolder.Top, ServerIdentity.Own));

    /// <inheritdoc/>
    public string Name => "cgroup v2";

    /// <summary>Takes the subtree, removes what dead servers left and tries whether a cgroup can be made; null with the reason when not.</summary>
    internal static CgroupV2? TryOpen(SandboxLimits limits, string? mount, OwnCgroup own, out string why)
    {
        if (DelegatedSubtree.Find(mount, own, out why) is not { } subtree)
        {
            return null;
        }

        var cgroups = new CgroupV2(limits, subtree);
        try
        {
            why = cgroups.Open(subtree);
            return why.Length == 0 ? cgroups : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            cgroups.Dispose();
            why = refused.Message;
            return null;
        }
    }

    /// <inheritdoc/>
    public ISandboxCgroup Create(string sandbox)
    {
        var folder = Path.Combine(_top, sandbox);
        try
        {
            Directory.CreateDirectory(folder);
            Limit(folder);
            return new Sandbox(folder);
        }
        catch
        {
            CgroupFolder.RemoveEmpty([folder]);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => CgroupFolder.RemoveEmpty([_top]);

    private string Open(string subtree)
    {
        var available = File.ReadAllText(Path.Combine(subtree, "cgroup.controllers")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var missing = s_controllers.Except(available).ToList();
        if (missing.Count > 0)
        {
            return $"no controller {string.Join(", ", missing)} in {subtree}";
        }

        var all = Path.Combine(subtree, CgroupFolder.Top);
        CgroupFolder.RemoveLeftovers(all);
        Directory.CreateDirectory(_top);
        DelegatedSubtree.MoveProcesses(subtree);
        foreach (var folder in new[] { subtree, all, _top })
        {
            File.WriteAllText(Path.Combine(folder, "cgroup.subtree_control"), string.Join(' ', s_controllers.Select(controller => $"+{controller}")));
        }

        Create("probe").RemoveAsync().GetAwaiter().GetResult();
        return "";
    }

    private void Limit(string folder)
    {
        CgroupFolder.Write(folder, "memory.max", _limits.MemoryBytes);
        if (File.Exists(Path.Combine(folder, "memory.swap.max")))
        {
            CgroupFolder.Write(folder, "memory.swap.max", 0);
        }

        File.WriteAllText(
            Path.Combine(folder, "cpu.max"),
            string.Create(CultureInfo.InvariantCulture, $"{_limits.CpuQuotaMicroseconds} {SandboxLimits.CpuPeriodMicroseconds}"));
        CgroupFolder.Write(folder, "pids.max", _limits.Pids);
    }

    private sealed class Sandbox(string folder) : ISandboxCgroup
    {
        private readonly UnifiedCounters _counters = new(folder);

        public IReadOnlyList<string> ProcsFiles { get; } = [Path.Combine(folder, "cgroup.procs")];

        public LaunchPrefix Prefix => LaunchPrefix.None;

        public long OomKills => _counters.OomKills;

        public TimeSpan CpuUsed => _counters.CpuUsed;

        public KernelCounters Counters => _counters.Now;

        public long MemoryBytes => _counters.MemoryBytes;

        public async Task RemoveAsync()
        {
            await CgroupFolder.EmptyAsync(folder);
            _counters.Keep();
            await CgroupFolder.RemoveAsync(folder);
        }
    }
}
