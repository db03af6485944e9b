using Faas.Actors.Pool;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Actors.Tests.Schedules;
using Faas.Actors.Tests.Storage.Redis;
using Faas.Actors.Tests.UseCases.Kept;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Faas.Actors.UseCases.Schedules;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faas.Actors.Tests.UseCases.Schedules;

/// <summary>What starts the runs of schedules, on stores in memory and a clock that the test moves.</summary>
public sealed class ScheduleTickerTests : UseCaseTestKit
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(30);
    private static readonly StoreException s_away = new("It is away.");
    private readonly ManualTime _time = new(s_start);
    private readonly KeptRunsInMemory _runs = new();
    private readonly SchedulesInMemory _schedules;
    private readonly LifetimeOnPaper _lifetime = new();
    private readonly KeptSignal _runSignal = new(1);
    private readonly ScheduleSignal _signal = new();
    private readonly ChangeSchedules _change;
    private readonly FireSchedule _fire;
    private readonly ScheduleTicker _ticker;

    public ScheduleTickerTests()
    {
        Uploaded();
        _schedules = new SchedulesInMemory(_runs, time: _time);
        var accept = new AcceptRun(Scripts, Options, KeptExample.Options, _runs, _runSignal);
        var cancel = new CancelKeptRun(_runs, new RequiredActorUnderTest<SandboxPool>(Pool));
        _change = new ChangeSchedules(_schedules, accept, ScheduleExample.Options, _signal, _time);
        _fire = new FireSchedule(_schedules, accept, cancel, _runSignal, ScheduleExample.Options);
        _ticker = new ScheduleTicker(
            ScheduleExample.Options, KeptExample.Options, _schedules, _fire, _signal, new SoleNode(), _lifetime,
            NullLogger<ScheduleTicker>.Instance);
    }

    [Fact]
    public async Task A_schedule_fires_at_its_instants_and_not_before_and_its_runs_say_whose_they_are()
    {
        await WriteAsync(ScheduleExample.EveryMinute() with { Key = "ci", Caller = "key ci", Priority = 7 });
        await _ticker.StartAsync(default);
        Assert.Equal(s_start.AddSeconds(30), (await FindAsync()).Next);
        await UntilAsync(s_start.AddSeconds(30), 1);
        await UntilAsync(s_start.AddSeconds(90), 2);
        var run = _runs.All[1];
        Assert.Equal((ScheduleIds.RunOf("report", s_start.AddSeconds(90)), RunVia.Schedule, "report"), (run.Id, run.Call.Via, run.Call.Schedule));
        Assert.Equal((7, "ci", "key ci", 1L), (run.Call.Priority, run.Call.Key, run.Call.Caller, run.Call.Version));
        var found = await FindAsync();
        Assert.Equal((s_start.AddSeconds(90), s_start.AddSeconds(150), 2), (found.Fired, found.Next, found.Runs));
        await StopAsync();
    }

    [Theory]
    [InlineData(MissedRule.Skip, 0)]
    [InlineData(MissedRule.Once, 1)]
    [InlineData(MissedRule.All, 3)] // as many as the settings say
    public async Task What_fell_into_a_time_without_a_server_is_made_up_for_as_the_rule_says(MissedRule rule, int made)
    {
        await WriteAsync(ScheduleExample.EveryMinute() with { Missed = rule });
        await _ticker.StartAsync(default);
        await UntilAsync(s_start.AddSeconds(30), 1);
        await StopAsync();

        _time.Now = s_start.AddMinutes(10).AddSeconds(35); // nine were missed, and one is on time
        Assert.True(await _fire.ExecuteAsync("report", default));
        var stored = await FindAsync();
        Assert.Equal((2 + made, 9 - made, s_start.AddSeconds(690)), (stored.Runs, stored.Missed, stored.Next));
        Assert.Equal(
            Enumerable.Range(10 - made, made + 1).Select(minute => ScheduleIds.RunOf("report", s_start.AddSeconds(30 + (60 * minute)))),
            _runs.All.Skip(1).Select(run => run.Id));
    }

    [Fact]
    public async Task A_fire_that_cancels_waits_for_the_end_of_the_last_run_and_delays_no_other_schedule()
    {
        await WriteAsync(ScheduleExample.EveryMinute() with { Overlap = OverlapRule.Cancel });
        await WriteAsync(ScheduleExample.EveryMinute("other"));
        await _ticker.StartAsync(default);
        await UntilAsync(s_start.AddSeconds(30), 2);
        var seat = new KeptSeat("here", "now", 0);
        var running = _runs.All.Single(run => run.Call.Schedule == "report").Id;
        while ((await _runs.TakeAsync(seat, default)).Run!.Id != running)
        {
            await _runs.EndAsync(seat, _runs.All.Single(run => run.Stage == RunStage.Running).Id, KeptExample.Ended, default);
        }

        await UntilAsync(s_start.AddSeconds(90), 3);
        Assert.Equal(running, (await Pool.ExpectMsgAsync<CancelRun>(s_patience)).RunId);
        Assert.Equal(1, (await FindAsync()).Runs);
        Pool.IgnoreMessages(message => message is CancelRun);
        await _runs.EndAsync(seat, running, KeptExample.Ended, default);
        await Eventually.HoldsAsync(() => _runs.All.Count == 4, s_patience, () => "the new run is not there");
        Assert.Equal(2, (await FindAsync()).Runs);
        await StopAsync();
    }

    [Fact]
    public async Task A_script_that_is_gone_costs_the_fire_and_the_schedule_goes_on()
    {
        await WriteAsync(ScheduleExample.EveryMinute() with { Path = "math/none" });
        _time.Now = s_start.AddSeconds(30);
        var firing = _fire.ExecuteAsync("report", default);
        await Registry.ExpectMsgAsync<GetVersion>(s_patience);
        Registry.Reply(new VersionNotFound("math/none", null));
        Assert.True(await firing);
        var stored = await FindAsync();
        Assert.Equal((0, 1, "not_found", "There is no script \"math/none\"."), (stored.Runs, stored.Failed, stored.Failure!.Reason, stored.Failure.Detail));
        Assert.Equal((s_start.AddSeconds(30), s_start.AddSeconds(90)), (stored.FailedAt, stored.Next));
        Assert.Empty(_runs.All);
    }

    [Fact]
    public async Task A_full_queue_costs_the_fire_and_a_store_that_is_away_does_not()
    {
        await WriteAsync(ScheduleExample.EveryMinute());
        _time.Now = s_start.AddSeconds(30);
        _schedules.Failure = s_away;
        await Assert.ThrowsAsync<StoreException>(() => _fire.ExecuteAsync("report", default));
        _schedules.Failure = null;
        _runs.Acceptance = KeptAcceptance.PathFull;
        Assert.True(await _fire.ExecuteAsync("report", default));
        var full = await FindAsync();
        Assert.Equal((1, "queue_full"), (full.Failed, full.Failure!.Reason));

        _runs.Acceptance = KeptAcceptance.Accepted;
        await WriteAsync(ScheduleExample.EveryMinute() with { Path = "math/none" });
        _time.Now = s_start.AddSeconds(90);
        var firing = _fire.ExecuteAsync("report", default);
        await Registry.ExpectMsgAsync<GetVersion>(s_patience);
        Registry.Reply(new StoreUnavailable("math/none", "The store does not answer."));
        Assert.False(await firing); // it is tried again
        var stored = await FindAsync();
        Assert.Equal((s_start.AddSeconds(90), 1), (stored.Next, stored.Failed));
    }

    [Fact]
    public async Task The_ticker_goes_on_when_the_store_is_back()
    {
        await WriteAsync(ScheduleExample.EveryMinute());
        _schedules.Failure = s_away;
        await _ticker.StartAsync(default);
        _time.Now = s_start.AddSeconds(30);
        _signal.Set();
        _schedules.Failure = null;
        await Eventually.HoldsAsync(() => _runs.All.Count == 1, s_patience, () => "it has not fired");
        await StopAsync();
    }

    [Fact]
    public async Task A_disabled_schedule_does_not_fire_and_one_that_is_enabled_again_begins_anew()
    {
        await WriteAsync(ScheduleExample.EveryMinute());
        await WriteAsync(ScheduleExample.EveryMinute() with { Enabled = false });
        Assert.Null((await FindAsync()).Next);
        _time.Now = s_start.AddMinutes(5);
        Assert.True(await _fire.ExecuteAsync("report", default));
        await WriteAsync(ScheduleExample.EveryMinute());
        var stored = await FindAsync();
        Assert.Equal((s_start.AddSeconds(330), 0, 0), (stored.Next, stored.Runs, stored.Missed));
    }

    [Fact]
    public async Task A_change_that_keeps_the_times_loses_no_instant_and_a_change_of_times_counts_from_now()
    {
        await WriteAsync(ScheduleExample.EveryMinute());
        _time.Now = s_start.AddSeconds(31);
        await WriteAsync(ScheduleExample.EveryMinute() with { Priority = 1 });
        var kept = await FindAsync();
        Assert.Equal((s_start.AddSeconds(30), s_start), (kept.Next, kept.Schedule.CreatedAt));
        await WriteAsync(ScheduleExample.EveryMinute() with { Cron = "*/2 * * * *" });
        Assert.True((await FindAsync()).Next > _time.Now);
    }

    [Fact]
    public async Task Of_two_callers_at_once_the_slower_one_sees_what_the_faster_one_has_written()
    {
        await WriteAsync(ScheduleExample.EveryMinute());
        var revision = (await FindAsync()).Revision;
        _schedules.BeforeWrite = () => WriteAsync(ScheduleExample.EveryMinute() with { Path = "jobs/report" }).GetAwaiter().GetResult();
        var foreign = await _change.WriteAsync(
            ScheduleExample.EveryMinute(), "{}"u8.ToArray(), RevisionCondition.None, path => path == "math/add", default);
        Assert.Equal("The name \"report\" is that of a schedule of another script.", foreign.Refusal!.Detail);
        var stale = await _change.WriteAsync(
            ScheduleExample.EveryMinute(), "{}"u8.ToArray(), new RevisionCondition([revision]), _ => true, default);
        Assert.Equal(RefusalReason.Stale, stale.Refusal!.Reason);
        Assert.Equal("jobs/report", (await FindAsync()).Schedule.Path);
    }

    private Task<OrRefusal<WrittenSchedule>> WriteAsync(Schedule schedule) =>
        _change.WriteAsync(schedule, """{"a":1}"""u8.ToArray(), RevisionCondition.None, _ => true, default);

    private async Task<StoredSchedule> FindAsync() => (await _schedules.FindAsync("report", default))!;

    private async Task UntilAsync(DateTimeOffset time, int runs)
    {
        _time.Now = time;
        _signal.Set();
        await Eventually.HoldsAsync(() => _runs.All.Count == runs, s_patience, () => $"{_runs.All.Count} runs instead of {runs}");
    }

    private async Task StopAsync()
    {
        _lifetime.StopApplication();
        await _ticker.StopAsync(default);
        _ticker.Dispose();
    }
}
