namespace Faas.Bench.Processes;

/// <summary>What the bench's own children use: of the group that all of them are in, the bench itself is taken off.</summary>
internal sealed class OwnGroup : IUsage, IDisposable
{
    private readonly UsageGroup _group = new("self");

    /// <summary>Brings this process into the group, and thereby all that it starts from now on.</summary>
    public OwnGroup()
    {
        _group.Server = Environment.ProcessId;
        _group.Join();
    }

    /// <inheritdoc/>
    public TimeSpan Cpu => _group.Cpu - Environment.CpuUsage.TotalTime;

    /// <inheritdoc/>
    public IReadOnlyList<int> Processes => [.. _group.Processes.Where(pid => pid != Environment.ProcessId)];

    /// <inheritdoc/>
    public void Dispose()
    {
        UsageGroup.Leave();
        _group.Dispose();
    }
}
