using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Telemetry;
using Xunit;

namespace Faas.Actors.Tests.Telemetry;

public sealed class MetersTests : IDisposable
{
    private static readonly Run s_run = new(
        "call-1~1", "math/add", ScriptCode.Of(Language.Python, "return 1"), RunMode.Execute, Isolation.Process, "{}"u8.ToArray(), false);

    private static readonly Usage s_usage = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), 3 << 20);

    private readonly Measured _measured = new();

    public void Dispose() => _measured.Dispose();

    [Fact]
    public void A_lease_counts_by_its_start_with_its_wait()
    {
        var meters = new PoolMeters(_measured);
        meters.Leased(Warmth.Spare, TimeSpan.FromMilliseconds(250));
        Assert.Equal([1], _measured["faas.pool.leases{faas.start=spare}"]);
        Assert.Equal([0.25], _measured["faas.pool.queue.duration{faas.start=spare}"]);
    }

    [Fact]
    public void A_refusal_counts_by_its_reason()
    {
        new PoolMeters(_measured).Refused(RefusalReason.QueueFull);
        Assert.Equal([1], _measured["faas.pool.refusals{faas.reason=queue_full}"]);
    }

    [Fact]
    public void Records_that_wait_are_shown_and_those_that_are_lost_are_counted()
    {
        var meters = new KeptMeters(_measured);
        meters.Watch(() => 7);
        meters.Lost(2);
        _measured.Collect();
        Assert.Equal([2], _measured["faas.kept.lost"]);
        Assert.Equal([7], _measured["faas.kept.pending"]);
    }

    [Fact]
    public void The_pools_levels_are_read_when_they_are_collected()
    {
        var meters = new PoolMeters(_measured);
        _measured.Collect();
        Assert.Empty(_measured.Series);

        meters.Watch(() => new PoolLevels(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14));
        _measured.Collect();
        Assert.Equal(
            [
                ("faas.pool.evictions", 13), ("faas.pool.memory.limit", 12), ("faas.pool.memory.usage{faas.holder=mothers}", 11),
                ("faas.pool.memory.usage{faas.holder=sandboxes}", 10), ("faas.pool.mothers", 14), ("faas.pool.queue.length", 8),
                ("faas.pool.queue.limit", 9), ("faas.pool.running.limit", 7), ("faas.pool.sandboxes.limit", 6),
                ("faas.pool.sandboxes{faas.state=busy}", 3), ("faas.pool.sandboxes{faas.state=closing}", 5),
                ("faas.pool.sandboxes{faas.state=idle}", 4), ("faas.pool.sandboxes{faas.state=spare}", 2),
                ("faas.pool.sandboxes{faas.state=starting}", 1),
            ],
            _measured.Series.Select(series => (series, _measured[series].Single())));
    }

    [Theory]
    [InlineData(Reason.Ok, "faas.invocations{faas.name=math/add}", "faas.invoke_duration{faas.start=warm}")]
    [InlineData(Reason.Timeout, "faas.timeouts{faas.name=math/add}", "faas.invoke_duration{faas.start=warm,error.type=timeout}")]
    [InlineData(
        Reason.Oom, "faas.errors{faas.name=math/add,error.type=oom}", "faas.invoke_duration{faas.start=warm,error.type=oom}")]
    public void A_run_counts_once_by_its_reason_and_takes_its_time(Reason reason, string count, string time)
    {
        new RunMeters(_measured, new ScriptNames(1)).Ended(s_run, new Outcome(reason) { Warmth = Warmth.Warm, Usage = s_usage });
        Assert.Equal([(count, 1), (time, 2)], new[] { count, time }.Select(series => (series, _measured[series].Single())));
        Assert.Equal(2, _measured.Series.Count);
    }

    [Fact]
    public void A_run_that_never_had_a_sandbox_has_no_time()
    {
        new RunMeters(_measured, new ScriptNames(1)).Ended(s_run, Outcome.Cancelled);
        Assert.Equal(["faas.errors{faas.name=math/add,error.type=cancelled}"], _measured.Series);
    }

    [Fact]
    public void A_check_is_no_run_of_the_script()
    {
        var check = s_run with { Mode = RunMode.Check };
        new RunMeters(_measured, new ScriptNames(1)).Ended(check, new Outcome(Reason.Ok) { Usage = s_usage });
        new SandboxMeters(_measured, new ScriptNames(1)).Cost(check, s_usage);
        Assert.Empty(_measured.Series);
    }

    [Fact]
    public void A_cost_that_is_not_known_is_left_out()
    {
        var meters = new SandboxMeters(_measured, new ScriptNames(1));
        meters.Cost(s_run, Usage.None);
        Assert.Empty(_measured.Series);
        meters.Cost(s_run, s_usage);
        Assert.Equal([1], _measured["faas.cpu_usage{faas.name=math/add}"]);
        Assert.Equal([3 << 20], _measured["faas.mem_usage{faas.name=math/add}"]);
    }

    [Fact]
    public void A_start_counts_by_its_runtime_and_one_that_failed_says_so()
    {
        var meters = new SandboxMeters(_measured, new ScriptNames(1));
        meters.Started(new ImageKey(Runtime.Node, "ci"), TimeSpan.FromSeconds(0.5));
        meters.StartFailed(new ImageKey(Runtime.Python), TimeSpan.FromSeconds(10));
        Assert.Equal([0.5], _measured["faas.init_duration{faas.runtime=node}"]);
        Assert.Equal([10], _measured["faas.init_duration{faas.runtime=python,error.type=start}"]);
    }

    [Fact]
    public void A_call_of_the_store_that_fails_names_what_was_thrown()
    {
        var meters = new StoreMeters(_measured);
        meters.Answered(0);
        meters.Failed(0, new TimeoutException());
        Assert.Single(_measured["db.client.operation.duration{db.system.name=redis}"]);
        Assert.Single(_measured["db.client.operation.duration{db.system.name=redis,error.type=System.TimeoutException}"]);
    }

    [Fact]
    public void The_size_of_the_store_is_shown_while_it_is_known()
    {
        var meters = new StoreMeters(_measured);
        StoreSize? size = null;
        meters.Watch(() => size);
        _measured.Collect();
        Assert.Empty(_measured["faas.store.scripts"]);
        size = new StoreSize(4096, 7);
        _measured.Collect();
        Assert.Equal([7], _measured["faas.store.scripts"]);
        Assert.Equal([4096], _measured["faas.store.memory.usage"]);
    }

    [Fact]
    public void The_levels_of_kept_runs_are_those_that_were_noted_last_and_not_shown_while_they_are_not_known()
    {
        var meters = new KeptMeters(_measured);
        _measured.Collect();
        Assert.Equal(["faas.kept.running"], _measured.Series);
        meters.Sampled(new KeptLevels(1, 2, TimeSpan.FromSeconds(1.5), 3, 4, 5));
        _measured.Collect();
        (string, double)[] told =
        [
            ("faas.kept.queue.age", 1.5), ("faas.kept.queue.length{faas.state=due}", 1), ("faas.kept.queue.length{faas.state=later}", 2),
            ("faas.kept.records", 3), ("faas.kept.running", 0), ("faas.kept.store.usage{faas.state=ended}", 4),
            ("faas.kept.store.usage{faas.state=open}", 5),
        ];
        Assert.Equal(told, _measured.Series.Select(series => (series, _measured[series][^1])));
        meters.Sampled(new KeptLevels(0, 0, OldestWait: null, 0, 0, 0));
        _measured.Collect();
        Assert.Equal(0, _measured["faas.kept.queue.age"][^1]);
        meters.Sampled(null);
        _measured.Collect();
        Assert.Equal(2, _measured["faas.kept.queue.age"].Count);
    }

    [Fact]
    public void Only_the_first_scripts_get_a_name_and_keep_it()
    {
        var names = new ScriptNames(2);
        string[] called = ["a", "b", "a", "c", "/run-now", "d", "b"];
        Assert.Equal(["a", "b", "a", "/other", "/run-now", "/other", "b"], called.Select(script => $"{names.TagOf(script).Value}"));
    }

    [Fact]
    public void Scripts_that_come_at_once_get_no_more_names_than_allowed()
    {
        var names = new ScriptNames(10);
        Parallel.For(0, 10_000, call => names.TagOf($"script/{call / 4 % 100}"));
        Assert.Equal(10, Enumerable.Range(0, 100).Count(script => (string?)names.TagOf($"script/{script}").Value != ScriptNames.Other));
    }
}
