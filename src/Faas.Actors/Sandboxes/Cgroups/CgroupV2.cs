using System.Globalization;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The driver of cgroup v2: <c>faas/SERVER/SANDBOX</c> below the directory that the server may divide
/// (<see cref="DelegatedSubtree"/>).
///
/// memory.oom.group stays 0 on purpose: the kernel then kills one process and counts it, as it does in version 1, and the
/// zygote, which is small, survives and reports how the run ended. The kernel's count alone makes the outcome <c>oom</c>.
/// Source: Documentation/admin-guide/cgroup-v2.rst of the Linux kernel.
/// </summary>
public sealed class CgroupV2 : ICgroups
{
    private static readonly string[] s_controllers = ["memory", "cpu", "pids"];
    private readonly SandboxLimits _limits;
    private readonly string _top;

    internal CgroupV2(SandboxLimits limits, string subtree) =>
        (_limits, _top) = (limits, Path.Combine(subtree, CgroupFolder.Top, ServerIdentity.Own));

    /// <inheritdoc/>
    public string Name => "cgroup v2";

    /// <summary>Removes what dead servers have left in the subtree, and makes and removes one cgroup as a trial.</summary>
    internal static async Task<Attempt<ICgroups>> OpenAsync(SandboxLimits limits, string? mount, OwnCgroup own)
    {
        var subtree = await DelegatedSubtree.FindAsync(mount, own);
        if (!subtree.Succeeded)
        {
            return Attempt<ICgroups>.Failure(subtree.Why);
        }

        var cgroups = new CgroupV2(limits, subtree.Value);
        try
        {
            var why = await cgroups.PrepareAsync(subtree.Value);
            return why.Length == 0 ? Attempt<ICgroups>.Success(cgroups) : Attempt<ICgroups>.Failure(why);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            await cgroups.DisposeAsync();
            return Attempt<ICgroups>.Failure(refused.Message);
        }
    }

    /// <inheritdoc/>
    public ISandboxCgroup Create(string sandbox, SandboxLimits? limits = null)
    {
        var folder = Path.Combine(_top, sandbox);
        try
        {
            Directory.CreateDirectory(folder);
            Limit(folder, limits ?? _limits);
            return new Sandbox(folder);
        }
        catch
        {
            CgroupFolder.RemoveEmpty([folder]);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        CgroupFolder.RemoveEmpty([_top]);
        return ValueTask.CompletedTask;
    }

    // Returns why the subtree cannot be used; empty when it can.
    private async Task<string> PrepareAsync(string subtree)
    {
        var controllers = File.ReadAllText(Path.Combine(subtree, "cgroup.controllers"));
        var available = controllers.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var missing = s_controllers.Except(available).ToList();
        if (missing.Count > 0)
        {
            return $"no controller {string.Join(", ", missing)} in {subtree}";
        }

        var all = Path.Combine(subtree, CgroupFolder.Top);
        await CgroupFolder.RemoveLeftoversAsync(all);
        Directory.CreateDirectory(_top);
        DelegatedSubtree.MoveProcesses(subtree);
        var added = string.Join(' ', s_controllers.Select(controller => $"+{controller}"));
        foreach (var folder in new[] { subtree, all, _top })
        {
            File.WriteAllText(Path.Combine(folder, "cgroup.subtree_control"), added);
        }

        await Create("probe").RemoveAsync();
        return "";
    }

    private static void Limit(string folder, SandboxLimits limits)
    {
        if (File.Exists(Path.Combine(folder, "memory.swap.max")))
        {
            CgroupFolder.Write(folder, "memory.swap.max", 0);
        }

        SetLimits(folder, limits);
    }

    private static void SetLimits(string folder, SandboxLimits limits)
    {
        CgroupFolder.Write(folder, "memory.max", limits.MemoryBytes);
        File.WriteAllText(
            Path.Combine(folder, "cpu.max"),
            string.Create(CultureInfo.InvariantCulture, $"{limits.CpuQuotaMicroseconds} {SandboxLimits.CpuPeriodMicroseconds}"));
        CgroupFolder.Write(folder, "pids.max", limits.Pids);
    }

    private sealed class Sandbox(string folder) : ISandboxCgroup
    {
        private readonly UnifiedCounters _counters = new(folder);

        public IReadOnlyList<string> ProcsFiles { get; } = [Path.Combine(folder, "cgroup.procs")];

        // The first move after a pause takes the kernel 10 ms, which must not hold up the thread of the actors.
        public Task JoinAsync(int pid) => Task.Run(() => CgroupFolder.Join(ProcsFiles, pid));

        public LaunchPrefix Prefix => LaunchPrefix.None;

        public long OomKills => _counters.OomKills;

        public TimeSpan CpuUsed => _counters.CpuUsed;

        public KernelCounters Counters => _counters.Now;

        public long MemoryBytes => _counters.MemoryBytes;

        public long KernelBytes => _counters.KernelBytes;

        public void LowerMemory(long bytes) => CgroupFolder.Write(folder, "memory.max", bytes);

        // To lower the limit on memory, the kernel may have to reclaim some, which must not hold up the thread of the actors.
        public Task SetLimitsAsync(SandboxLimits limits) => Task.Run(() => SetLimits(folder, limits));

        public async Task RemoveAsync()
        {
            await CgroupFolder.EmptyAsync(folder);
            _counters.Keep();
            await CgroupFolder.RemoveAsync(folder);
        }
    }
}
