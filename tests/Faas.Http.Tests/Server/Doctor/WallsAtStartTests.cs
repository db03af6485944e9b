using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;
using Faas.Http.Server.Doctor;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Server.Doctor;

public sealed class WallsAtStartTests
{
    private static readonly SandboxOptions s_options = FaasUnderTest.ShippedOptions.Sandbox;

    [Fact]
    public async Task A_sandbox_that_dies_stops_the_start_with_its_last_words()
    {
        var launcher = new ScriptedLauncher(sandbox => sandbox.Die(1, "bwrap: No permissions\nto create namespace\n"));
        var failed = await Assert.ThrowsAsync<SandboxStartException>(() => StartAsync(launcher, s_options));
        Assert.Matches(
            "^python sandbox: the runtime ended \\(status 1\\). bwrap: No permissions to create namespace\\. To mend it: .*user.namespaces.+\\(1 more; `make doctor` shows all.\\)$",
            failed.Message);
    }

    [Fact]
    public async Task A_sandbox_that_says_nothing_is_not_waited_for_longer_than_allowed()
    {
        var launcher = new ScriptedLauncher(_ => { });
        var hasty = s_options with { StartTimeout = TimeSpan.FromMilliseconds(100) };
        var failed = await Assert.ThrowsAsync<SandboxStartException>(() => StartAsync(launcher, hasty));
        Assert.Contains("faas.sandbox.start-timeout (0.1 s)", failed.Message, StringComparison.Ordinal);
        Assert.All(launcher.Started, started => Assert.True(started.Sandbox.IsKilled));
    }

    [Fact]
    public async Task A_server_that_stops_meanwhile_gives_the_trial_up_and_leaves_no_sandbox()
    {
        var launcher = new ScriptedLauncher(_ => { });
        var choice = new LaunchChoice(s_options, launcher);
        choice.Begin(launcher);

        await choice.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => choice.DecisionAsync(CancellationToken.None));
        Assert.All(launcher.Started, started => Assert.True(started.Sandbox.IsKilled));
    }

    private static async Task StartAsync(ISandboxLauncher launcher, SandboxOptions options)
    {
        await using var choice = new LaunchChoice(options with { Launch = LaunchMode.Exec }, launcher);
        choice.Begin(launcher);
        await new WallsAtStart(choice, new WallReport()).StartAsync(CancellationToken.None);
    }

    private sealed class ScriptedLauncher(Action<ScriptedSandbox> script) : ISandboxLauncher
    {
        public List<(Runtime Runtime, ScriptedSandbox Sandbox)> Started { get; } = [];

        public Task<ISandboxProcess> StartAsync(ImageKey image, CancellationToken cancellation)
        {
            var sandbox = new ScriptedSandbox();
            Started.Add((image.Runtime, sandbox));
            script(sandbox);
            return Task.FromResult<ISandboxProcess>(sandbox);
        }
    }

    private sealed class ScriptedSandbox : ISandboxProcess
    {
        private readonly Pipe _input = new();
        private readonly Pipe _output = new();
        private readonly TaskCompletionSource<SandboxExit> _exited = new();

        public PipeWriter Input => _input.Writer;

        public PipeReader Output => _output.Reader;

        public bool HasUnread => false;

        public Task<SandboxExit> Exited => _exited.Task;

        public long OomKills => Counters.OomKills;

        public TimeSpan CpuUsed => Counters.Cpu;

        public KernelCounters Counters => default;

        public long MemoryBytes => 0;

        public void LowerMemory(long bytes)
        {
        }

        public Task SetLimitsAsync(SandboxLimits limits) => Task.CompletedTask;

        public Task<Socket> ListenAsync(ushort port) => throw new NotSupportedException();

        public Task AttachAsync(string folder) => throw new NotSupportedException();

        public long? HostUid => null;

        public bool IsKilled { get; private set; }

        public void Kill() => IsKilled = true;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public void Say(string ready)
        {
            var payload = Encoding.UTF8.GetBytes(ready);
            _output.Writer.WriteAsync((byte[])[0x81, (byte)payload.Length, 0, 0, 0, .. payload]).AsTask().GetAwaiter().GetResult();
        }

        public void Die(int exitCode, string stderr)
        {
            _output.Writer.Complete();
            _exited.SetResult(new SandboxExit(exitCode, stderr));
        }
    }
}
