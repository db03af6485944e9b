using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Http.Server.Doctor;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Server.Doctor;

public sealed class LaunchChoiceTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly RefusingLauncher _fork = new("no fork here");
    private readonly RefusingLauncher _exec = new("no bubblewrap here");

    [Fact]
    public async Task Exec_does_not_try_forks()
    {
        var decision = await DecideAsync(LaunchMode.Exec, _fork);

        Assert.Equal((LaunchMode.Exec, 0), (decision.Mode, _fork.Starts));
        Assert.Equal("no bubblewrap here", decision.Missing!.Fault);
    }

    [Fact]
    public async Task Fork_does_not_try_anything_else()
    {
        var decision = await DecideAsync(LaunchMode.Fork, _fork);

        Assert.Equal((LaunchMode.Fork, 0), (decision.Mode, _exec.Starts));
        Assert.Equal("no fork here", decision.Missing!.Fault);
    }

    [Fact]
    public async Task Auto_takes_exec_where_a_wall_of_forks_is_missing_and_says_which()
    {
        var decision = await DecideAsync(LaunchMode.Auto, _fork);

        Assert.Equal((LaunchMode.Exec, "python sandbox: no fork here"), (decision.Mode, decision.WhyNotFork));
        Assert.Same(_exec, decision.Launcher);
    }

    [Fact]
    public async Task A_sandbox_that_is_wanted_meanwhile_waits_for_the_choice()
    {
        await using var choice = new LaunchChoice(FaasUnderTest.ShippedOptions.Sandbox with { Launch = LaunchMode.Exec }, _exec);
        var wanted = choice.StartAsync(new ImageKey(Faas.Actors.Scripts.Runtime.Node), CancellationToken.None);
        Assert.False(wanted.IsCompleted);

        choice.Begin(_fork);

        var failed = await Assert.ThrowsAsync<SandboxStartException>(() => wanted.WaitAsync(s_limit));
        Assert.Equal("no bubblewrap here", failed.Message);
    }

    private async Task<LaunchDecision> DecideAsync(LaunchMode mode, ISandboxLauncher fork)
    {
        await using var choice = new LaunchChoice(FaasUnderTest.ShippedOptions.Sandbox with { Launch = mode }, _exec);
        choice.Begin(fork);
        return await choice.DecisionAsync(CancellationToken.None).WaitAsync(s_limit);
    }

    private sealed class RefusingLauncher(string why) : ISandboxLauncher
    {
        private int _starts;

        public int Starts => _starts;

        public Task<ISandboxProcess> StartAsync(ImageKey image, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _starts);
            throw new SandboxStartException(why);
        }
    }
}
