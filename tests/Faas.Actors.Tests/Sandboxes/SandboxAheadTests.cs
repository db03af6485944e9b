using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Faas.Actors.Libraries;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes;

/// <summary>A sandbox whose process 1 may execute the libraries of its bundle ahead of runs.</summary>
public sealed class SandboxAheadTests : TestKit
{
    private readonly ScriptedLauncher _launcher = new();
    private readonly BundleTrust _bundles = new([NamePattern.Parse("*")!]);
    private readonly TestProbe _pool;
    private readonly TestProbe _caller;

    public SandboxAheadTests()
        : base("akka { loglevel = WARNING, test.single-expect-default = 50s }")
    {
        _pool = CreateTestProbe();
        _caller = CreateTestProbe();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_zygote_that_ends_by_itself_loses_the_trust_in_its_code_and_the_log_says_so(bool endsDuringRun)
    {
        var (sandbox, zygote) = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("a"));
        Assert.Contains("\"librariesAhead\":true", (await zygote.ReceiveAsync()).Payload, StringComparison.Ordinal);
        if (!endsDuringRun)
        {
            await zygote.ResultAsync('V', "1");
            await zygote.EndAsync();
            await _pool.ExpectMsgAsync<SandboxFree>();
        }

        await EventFilter.Warning(contains: "the libraries behave otherwise").ExpectAsync(endsDuringRun ? 2 : 1, async () =>
        {
            zygote.Die(71, "Error: the libraries behave otherwise\n");
            await _pool.ExpectTerminatedAsync(sandbox);
        });

        Assert.Null(LeaseOf("b").Run.LibrariesAhead);
    }

    [Fact]
    public async Task A_zygote_that_the_server_ends_keeps_the_trust()
    {
        var (sandbox, zygote) = await StartedAsync(SandboxTestOptions.Default with { Timeout = TimeSpan.FromMilliseconds(50) });
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("a"));
        await zygote.ReceiveAsync();
        Assert.Equal(Reason.Timeout, (await EndedAsync()).Reason);
        await _pool.ExpectTerminatedAsync(sandbox);
        Assert.NotNull(LeaseOf("b").Run.LibrariesAhead);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_zygote_that_ends_after_the_last_END_keeps_it_and_one_that_ends_so_without_it_does_not(bool sendsEnd)
    {
        var (sandbox, zygote) = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(LeaseOf("a"));
        await zygote.ReceiveAsync();
        zygote.DieWithOpenPipe(0);
        if (sendsEnd)
        {
            await zygote.ResultAsync('V', "1");
            await zygote.LastEndAsync();
        }

        zygote.FallSilent();
        Assert.Equal(sendsEnd ? Reason.Ok : Reason.Sandbox, (await EndedAsync()).Reason);
        await _pool.ExpectTerminatedAsync(sandbox);
        Assert.Equal(sendsEnd, LeaseOf("b").Run.LibrariesAhead is not null);
    }

    [Fact]
    public async Task A_sandbox_that_is_bound_without_a_run_loses_it_as_well()
    {
        var (sandbox, zygote) = await StartedAsync();
        await _pool.WatchAsync(sandbox);
        sandbox.Tell(new BindSandbox(LeaseOf("a").Run));
        Assert.Contains("\"librariesAhead\":true", (await zygote.ReceiveAsync()).Payload, StringComparison.Ordinal);
        zygote.Die(0);
        await _pool.ExpectTerminatedAsync(sandbox);
        Assert.Null(LeaseOf("b").Run.LibrariesAhead);
    }

    [Fact]
    public async Task A_trial_that_the_kernel_has_killed_for_memory_is_not_the_next_run()
    {
        var (sandbox, zygote) = await StartedAsync();
        sandbox.Tell(LeaseOf("a"));
        await zygote.ResultAsync('V', "1");
        await zygote.EndAsync();
        await EndedAsync();
        await _pool.ExpectMsgAsync<SandboxFree>();

        zygote.Counters = new(OomKills: 1, TimeSpan.Zero, 0);
        sandbox.Tell(LeaseOf("b"));
        await zygote.ResultAsync('E', """{"name":"Error","message":"no"}""");
        await zygote.EndAsync();

        Assert.Equal(Reason.Error, (await EndedAsync("b")).Reason);
    }

    private Lease LeaseOf(string runId)
    {
        var code = BundleTrustTests.Bundle("beta");
        var run = new Run(runId, "path", code, RunMode.Execute, Isolation.Process, "{}"u8.ToArray(), Stream: false, WithUsage: true);
        return new Lease(run with { LibrariesAhead = _bundles.Of(code) }, _caller, Warmth.Warm);
    }

    private async Task<(IActorRef Sandbox, ScriptedZygote Zygote)> StartedAsync(SandboxOptions? options = null)
    {
        var zygote = new ScriptedZygote();
        var sandbox = _pool.ChildActorOf(
            SandboxActor.Props(new ImageKey(Runtime.Node), _launcher, options ?? SandboxTestOptions.Default));
        _launcher.Start.SetResult(zygote);
        await zygote.ReadyAsync();
        await _pool.ExpectMsgAsync<SandboxReady>();
        return (sandbox, zygote);
    }

    private async Task<Outcome> EndedAsync(string runId = "a")
    {
        var ended = await _caller.ExpectMsgAsync<RunEnded>();
        Assert.Equal(runId, ended.RunId);
        return ended.Outcome;
    }
}
