using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The limits of one sandbox as a scope. The scope comes into being when its prefix runs, or when a process joins it: a scope cannot be
/// empty.
/// </summary>
/// <param name="unit">The scope's name.</param>
/// <param name="folder">The directory that the scope will have in the unified hierarchy.</param>
/// <param name="limits">What the scope may use when it comes into being.</param>
/// <param name="prefix">The command that makes the scope.</param>
/// <param name="systemctl">The manager of the scope.</param>
internal sealed class SystemdScope(string unit, string folder, SandboxLimits limits, LaunchPrefix prefix, Systemctl systemctl)
    : ISandboxCgroup
{
    private readonly UnifiedCounters _counters = new(folder);
    private volatile bool _endedByOom;

    public IReadOnlyList<string> ProcsFiles => [];

    public Task JoinAsync(int pid) => systemctl.MakeScopeAsync(unit, folder, limits, pid);

    public LaunchPrefix Prefix => prefix;

    // systemd reports whether the kernel killed for memory, not how often.
    public long OomKills => Math.Max(_counters.OomKills, _endedByOom ? 1 : 0);

    public TimeSpan CpuUsed => _counters.CpuUsed;

    public KernelCounters Counters => _counters.Now with { OomKills = OomKills };

    public long MemoryBytes => _counters.MemoryBytes;

    public long KernelBytes => _counters.KernelBytes;

    public void LowerMemory(long bytes) => CgroupFolder.Write(folder, "memory.max", bytes);

    public Task SetLimitsAsync(SandboxLimits limits) => systemctl.SetLimitsAsync(unit, folder, limits);

    public async Task RemoveAsync()
    {
        await CgroupFolder.EmptyAsync(folder);
        _counters.Keep();
        _endedByOom = await systemctl.EndAsync(unit);
    }
}
