using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>The driver that sets no limits. It is used only when no other driver works and the operator allows it.</summary>
public sealed class NoCgroups : ICgroups
{
    /// <inheritdoc/>
    public string Name => "unlimited";

    /// <inheritdoc/>
    public ISandboxCgroup Create(string sandbox, SandboxLimits? limits = null) => new Sandbox();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Sandbox : ISandboxCgroup
    {
        public IReadOnlyList<string> ProcsFiles => [];

        public Task JoinAsync(int pid) => Task.CompletedTask;

        public LaunchPrefix Prefix => LaunchPrefix.None;

        public long OomKills => 0;

        public TimeSpan CpuUsed => TimeSpan.Zero;

        public KernelCounters Counters => default;

        public long MemoryBytes => 0;

        public long KernelBytes => 0;

        public void LowerMemory(long bytes)
        {
        }

        public Task SetLimitsAsync(SandboxLimits limits) => Task.CompletedTask;

        public Task RemoveAsync() => Task.CompletedTask;
    }
}
