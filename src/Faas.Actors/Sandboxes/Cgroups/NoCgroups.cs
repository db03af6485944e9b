using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>No limits, because the operator has written so.</summary>
public sealed class NoCgroups : ICgroups
{
    /// <inheritdoc/>
    public string Name => "unlimited";

    /// <inheritdoc/>
    public ISandboxCgroup Create(string sandbox) => new Sandbox();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Sandbox : ISandboxCgroup
    {
        public IReadOnlyList<string> ProcsFiles => [];

        public LaunchPrefix Prefix => LaunchPrefix.None;

        public long OomKills => 0;

        public TimeSpan CpuUsed => TimeSpan.Zero;

        public KernelCounters Counters => default;

        public long MemoryBytes => 0;

        public Task RemoveAsync() => Task.CompletedTask;
    }
}
