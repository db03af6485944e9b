using Akka.Actor;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

public sealed class RunScriptTests : UseCaseTestKit
{
    private static readonly RunScriptRequest s_latest = new("math/add", VersionRef.Latest, Arguments);

    [Fact]
    public async Task The_latest_version_runs_and_its_outcome_comes_back()
    {
        Uploaded(7);
        var running = RunScript.ExecuteAsync(s_latest, sink: null, default);
        var run = await SubmittedAsync();
        Reply(new RunEnded(run.RunId, FortyTwo));

        Assert.Equal(new RunFinished(FortyTwo, Streamed: false, Version: 7), await running);
        Assert.Equal(("math/add", RunMode.Execute, false, 7L), (run.Queue, run.Mode, run.Stream, run.Version));
        Assert.Equal("""{"a":1}"""u8.ToArray(), run.Input.ToArray());
        Assert.StartsWith("call-1~", run.RunId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_is_not_in_memory_is_asked_for()
    {
        var version = Uploaded(7);
        Live.Hide("math/add");
        var running = RunScript.ExecuteAsync(s_latest with { Version = new VersionRef(7) }, sink: null, default);
        Assert.Equal(new GetVersion("math/add", 7), await Registry.ExpectMsgAsync<GetVersion>(Never));
        Registry.Reply(new VersionFound("math/add", version));
        Reply(new RunEnded((await SubmittedAsync()).RunId, FortyTwo));
        Assert.Equal(7, (await running).Version);
    }

    [Theory]
    [InlineData(Isolation.Shared, null, 1)]
    [InlineData(Isolation.Shared, 8, 8)]
    [InlineData(Isolation.Shared, 50, 10)] // the operator allows no more by now
    [InlineData(null, 8, 1)] // the operator's isolation is another one by now
    public void Its_concurrency_is_what_the_version_and_the_operator_allow(Isolation? isolation, int? asked, int expected) =>
        Assert.Equal(
            expected,
            new UseCaseOptions(Isolation.Process, TimeSpan.Zero, TimeSpan.Zero, MaxConcurrency: 10)
            .ConcurrencyOf(new ScriptSettings(isolation, Concurrency: asked)));

    [Theory]
    [InlineData(null, Isolation.Process)]
    [InlineData(Isolation.Shared, Isolation.Shared)]
    public async Task The_versions_own_isolation_comes_before_the_operators(Isolation? ofVersion, Isolation expected)
    {
        Uploaded(isolation: ofVersion);
        var running = RunScript.ExecuteAsync(s_latest, sink: null, default);
        var run = await SubmittedAsync();
        Reply(new RunEnded(run.RunId, FortyTwo));
        await running;
        Assert.Equal(expected, run.Isolation);
    }

    [Fact]
    public async Task The_versions_settings_go_with_its_runs_and_are_made_once()
    {
        Uploaded(timeout: TimeSpan.FromSeconds(3));
        var first = await RanAsync();
        var second = await RanAsync();

        Assert.Equal(TimeSpan.FromSeconds(3), first.Settings!.Timeout);
        Assert.Same(first.Settings, second.Settings);
    }

    [Fact]
    public async Task A_version_without_settings_has_none()
    {
        Uploaded();

        Assert.Null((await RanAsync()).Settings);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(2, 2)]
    [InlineData(50, 4)] // the operator allows no more by now
    public async Task A_run_of_the_latest_version_says_how_many_sandboxes_stay_bound_to_it(int? asked, int expected)
    {
        Uploaded(7, minWarm: asked);

        Assert.Equal(expected, (await RanAsync()).MinWarm);
        Assert.Null((await RanAsync(s_latest with { Version = new VersionRef(7) })).MinWarm);
    }

    [Fact]
    public async Task A_version_runs_in_its_image_and_not_at_all_once_the_server_has_it_no_more()
    {
        Uploaded(7, image: "data");
        Assert.Equal("data", (await RanAsync()).Image.Libraries);

        Uploaded(8, image: "gone");
        var refused = Assert.IsType<RunNotTaken>(await RunScript.ExecuteAsync(s_latest, sink: null, default));
        Assert.Equal(
            "Version 8 of the script \"math/add\" cannot run: \"image\" is \"gone\"; the images of python are: data (faas.images).",
            refused.Refusal.Detail);
        Assert.Equal(RefusalReason.Image, refused.Refusal.Reason);
    }

    private async Task<Run> RanAsync(RunScriptRequest? request = null)
    {
        var running = RunScript.ExecuteAsync(request ?? s_latest, sink: null, default);
        var run = await SubmittedAsync();
        Reply(new RunEnded(run.RunId, FortyTwo));
        await running;
        return run;
    }

    [Fact]
    public void A_reply_is_awaited_for_longer_where_the_run_may_take_longer()
    {
        var options = new UseCaseOptions(Isolation.Process, RunPatience: TimeSpan.FromMinutes(1), TimeSpan.Zero);
        var run = new Run("a", "p", ScriptCode.Of(Language.Python, "1"), RunMode.Execute, Isolation.Process, default, Stream: false);

        Assert.Equal(TimeSpan.FromMinutes(1), options.PatienceOf(run));
        var hour = new RunSettings { Timeout = TimeSpan.FromHours(1) };
        Assert.True(options.PatienceOf(run with { Settings = hour }) > TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task The_versions_handler_goes_with_its_run()
    {
        Uploaded(handler: "handle");
        var running = RunScript.ExecuteAsync(s_latest, sink: null, default);
        var run = await SubmittedAsync();
        Reply(new RunEnded(run.RunId, FortyTwo));
        await running;
        Assert.Equal("handle", run.Handler);
    }

    [Fact]
    public async Task A_value_that_comes_before_its_cost_is_passed_on_and_the_cost_follows()
    {
        Uploaded(7);
        var running = RunScript.ExecuteAsync(s_latest, sink: null, default);
        var run = await SubmittedAsync();
        Reply(new RunEnded(run.RunId, FortyTwo with { Usage = Usage.None }) { CostFollows = true });
        var finished = Assert.IsType<RunFinished>(await running);
        Assert.False(finished.Measured!.IsCompleted);

        var usage = new Usage(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), 5);
        Reply(new RunMeasured(run.RunId, usage));
        Assert.Equal(usage, await finished.Measured);
    }

    [Fact]
    public async Task Where_no_cost_follows_none_is_waited_for()
    {
        Uploaded(7);
        var running = RunScript.ExecuteAsync(s_latest, sink: null, default);
        Reply(new RunEnded((await SubmittedAsync()).RunId, FortyTwo with { Usage = Usage.None }));
        Assert.Null(Assert.IsType<RunFinished>(await running).Measured);
    }

    [Theory]
    [InlineData(null, "There is no script \"math/add\".")]
    [InlineData(3L, "There is no script \"math/add\".")]
    [InlineData(3L, "There is no version 3 of the script \"math/add\"; the newest is 7.", 7L)]
    [InlineData(3L, "There is no version 3 of the script \"math/add\"; the newest are 9, 8, 7.", 9L, 8L, 7L)]
    public async Task What_is_not_there_is_a_refusal_and_nothing_runs(long? version, string detail, params long[] newest)
    {
        var running = RunScript.ExecuteAsync(s_latest with { Version = new VersionRef(version) }, sink: null, default);
        await Registry.ExpectMsgAsync<GetVersion>(Never);
        Registry.Reply(new VersionNotFound("math/add", version, newest));
        Assert.Equal(new RunNotTaken(new Refusal(RefusalReason.NotFound, detail), Version: null), await running);
        await Pool.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_store_that_stays_silent_is_a_refusal()
    {
        var refusal = await RefusalAsync(RunScript.ExecuteAsync(s_latest, sink: null, default));
        Assert.Equal((RefusalReason.Store, "The store did not answer in time."), (refusal.Reason, refusal.Detail));
    }

    [Fact]
    public async Task Code_that_the_store_has_lost_is_a_refusal_that_names_the_version()
    {
        Uploaded(7);
        Codes.Clear();
        var refusal = await RefusalAsync(RunScript.ExecuteAsync(s_latest, sink: null, default));
        Assert.Equal((RefusalReason.Store, "The code of version 7 of \"math/add\" is not in the store."), (refusal.Reason, refusal.Detail));
    }

    [Theory]
    [InlineData(RefusalReason.QueueFull)]
    [InlineData(RefusalReason.QueueTimeout)]
    [InlineData(RefusalReason.Draining)]
    public async Task What_the_pool_refuses_comes_back_with_the_time_to_try_again(RefusalReason why)
    {
        Uploaded(7);
        var running = RunScript.ExecuteAsync(s_latest, sink: null, default);
        Reply(new RunRefused((await SubmittedAsync()).RunId, why, TimeSpan.FromSeconds(3)));
        var notTaken = Assert.IsType<RunNotTaken>(await running);
        Assert.Equal((why, TimeSpan.FromSeconds(3), 7L), (notTaken.Refusal.Reason, notTaken.Refusal.RetryAfter, notTaken.Version));
    }

    [Fact]
    public async Task A_caller_that_leaves_cancels_the_run()
    {
        Uploaded();
        using var leaving = new CancellationTokenSource();
        var running = RunScript.ExecuteAsync(s_latest, sink: null, leaving.Token);
        var run = await SubmittedAsync();
        await leaving.CancelAsync();
        Assert.Equal(new CancelRun(run.RunId), await Pool.ExpectMsgAsync<CancelRun>(Never));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_pool_that_breaks_fails_the_caller_and_not_the_next_one()
    {
        Uploaded();
        var running = RunScript.ExecuteAsync(s_latest, sink: null, default);
        await SubmittedAsync();
        Pool.Reply(new Status.Failure(new InvalidOperationException("broken")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => running);

        var next = RunScript.ExecuteAsync(s_latest, sink: null, default);
        Reply(new RunEnded((await SubmittedAsync()).RunId, FortyTwo));
        Assert.IsType<RunFinished>(await next);
    }

    private static async Task<Refusal> RefusalAsync(Task<RunResult> running) => Assert.IsType<RunNotTaken>(await running).Refusal;
}
