using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>One scope, with one sandbox in it once that is started.</summary>
internal sealed class SystemdScope(string unit, string folder, LaunchPrefix prefix, Systemctl systemctl) : ISandboxCgroup
{
    private readonly UnifiedCounters _counters = new(folder);
    private volatile bool _endedByOom;

    public IReadOnlyList<string> ProcsFiles => [];

    public LaunchPrefix Prefix => prefix;

    // systemd says whether, not how often.
    public long OomKills => Math.Max(_counters.OomKills, _endedByOom ? 1 : 0);

    public TimeSpan CpuUsed => _counters.CpuUsed;

    public KernelCounters Counters => _counters.Now with { OomKills = OomKills };

    public long MemoryBytes => _counters.MemoryBytes;

    public async Task RemoveAsync()
    {
        await CgroupFolder.EmptyAsync(folder);
        _counters.Keep();
        _endedByOom = await systemctl.EndAsync(unit);
    }
}
