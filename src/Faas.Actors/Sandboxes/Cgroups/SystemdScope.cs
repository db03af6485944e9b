namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>One scope, with one sandbox in it once that is started.</summary>
internal sealed class SystemdScope(string unit, string folder, LaunchPrefix prefix, Systemctl systemctl) : ISandboxCgroup
{
    private readonly CgroupCounter _oomKills = new(Path.Combine(folder, "memory.events"), "oom_kill");
    private readonly CgroupCounter _peak = new(Path.Combine(folder, "memory.peak"));
    private readonly CgroupCounter _cpu = new(Path.Combine(folder, "cpu.stat"), "usage_usec");
    private volatile bool _endedByOom;

    public IReadOnlyList<string> ProcsFiles => [];

    public LaunchPrefix Prefix => prefix;

    // systemd says whether, not how often.
    public KernelCounters Counters => new(Math.Max(_oomKills.Value, _endedByOom ? 1 : 0), TimeSpan.FromMicroseconds(_cpu.Value), _peak.Value);

    public async Task RemoveAsync()
    {
        await CgroupFolder.EmptyAsync(folder);
        Array.ForEach([_oomKills, _peak, _cpu], counter => counter.Keep());
        _endedByOom = await systemctl.EndAsync(unit);
    }
}
