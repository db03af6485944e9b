using System.Text;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Schedules;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

/// <summary>Schedules in a real Redis.</summary>
public sealed class RedisSchedulesTests(EmbeddedStore store) : IClassFixture<EmbeddedStore>
{
    private static readonly DateTimeOffset s_due = DateTimeOffset.UnixEpoch.AddDays(20_000);
    private static readonly byte[] s_input = """{"a":1}"""u8.ToArray();
    private static readonly KeptSeat s_seat = new("here", "now", 0);
    private readonly StoreKeys _keys = new($"schedules-{Guid.NewGuid():N}:");

    [Fact]
    public async Task A_schedule_is_written_read_replaced_and_deleted_in_the_revision_that_was_looked_at()
    {
        var schedules = Open();
        Assert.Null(await schedules.FindAsync("report", default));
        var first = (await WriteAsync(schedules, ScheduleExample.Whole, null)).Revision!.Value;
        var found = (await schedules.FindAsync("report", default))!;
        Assert.Equal((ScheduleExample.Whole, first, s_due), (found.Schedule, found.Revision, found.Next));
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(found.Input.Span));
        Assert.Equal((0, 0, 0, 0), (found.Runs, found.Skipped, found.Missed, found.Failed));

        Assert.Equal(new ScheduleWrite(null), await WriteAsync(schedules, ScheduleExample.Whole, null));
        Assert.Equal(new ScheduleWrite(null), await WriteAsync(schedules, ScheduleExample.Whole, first + 1));
        var second = (await schedules.WriteAsync(ScheduleExample.Whole, s_input, null, first, default)).Revision!.Value;
        Assert.True(second > first);
        Assert.Null((await schedules.FindAsync("report", default))!.Next);
        Assert.Empty((await schedules.DueAsync(s_due, default)).Names);

        Assert.False(await schedules.DeleteAsync("report", first, default));
        Assert.True(await schedules.DeleteAsync("report", second, default));
        Assert.False(await schedules.DeleteAsync("report", second, default));
        Assert.Null(await schedules.FindAsync("report", default));
        Assert.True((await WriteAsync(schedules, ScheduleExample.Whole, null)).Revision > second);
    }

    [Fact]
    public async Task There_are_so_many_and_no_more()
    {
        var schedules = Open(count: 2);
        await WriteAsync(schedules, ScheduleExample.EveryMinute("a"), null);
        var revision = (await WriteAsync(schedules, ScheduleExample.EveryMinute("b"), null)).Revision;
        Assert.Equal(new ScheduleWrite(null, IsFull: true), await WriteAsync(schedules, ScheduleExample.EveryMinute("c"), null));
        Assert.NotNull((await WriteAsync(schedules, ScheduleExample.EveryMinute("b"), revision)).Revision);
    }

    [Fact]
    public async Task A_list_has_pages_by_name_of_the_scripts_that_may_be_seen()
    {
        var schedules = Open();
        foreach (var number in Enumerable.Range(0, 450))
        {
            var path = number % 3 == 0 ? "jobs/a" : "math/add";
            await WriteAsync(schedules, ScheduleExample.EveryMinute($"s{number:000}") with { Path = path }, null);
        }

        var (names, after) = (new List<string>(), (string?)null);
        do
        {
            var (page, next) = await schedules.PageAsync(["jobs"], 40, after, default);
            Assert.True(page.Count == 40 || next is null);
            names.AddRange(page.Select(one => one.Schedule.Name));
            after = next;
        }
        while (after is not null);
        Assert.Equal(Enumerable.Range(0, 150).Select(number => $"s{number * 3:000}"), names);
        Assert.Equal(450, (await schedules.PageAsync([], 1000, null, default)).Schedules.Count);
    }

    [Fact]
    public async Task Those_whose_instant_has_come_are_due_and_the_next_one_is_told()
    {
        var schedules = Open();
        Assert.Null((await schedules.DueAsync(s_due, default)).Next);
        await schedules.WriteAsync(ScheduleExample.EveryMinute("late"), s_input, s_due.AddMinutes(1), null, default);
        await schedules.WriteAsync(ScheduleExample.EveryMinute("now"), s_input, s_due, null, default);
        await schedules.WriteAsync(ScheduleExample.EveryMinute("past"), s_input, s_due.AddMinutes(-1), null, default);
        await schedules.WriteAsync(ScheduleExample.EveryMinute("never"), s_input, null, null, default);
        var (names, next) = await schedules.DueAsync(s_due, default);
        Assert.Equal(["past", "now"], names);
        Assert.Equal(s_due.AddMinutes(1), next);
    }

    [Fact]
    public async Task The_time_is_that_of_the_store()
    {
        var before = DateTimeOffset.UtcNow.AddMilliseconds(-1); // the store says whole milliseconds, and runs on this machine
        var now = await Open().NowAsync(default);
        Assert.InRange(now, before, DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Of_eight_servers_that_fire_the_same_instants_one_does_each()
    {
        var (schedules, runs) = (Open(), Runs());
        await WriteAsync(schedules, ScheduleExample.EveryMinute(), null);
        const int instants = 25;
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var done = 0;
            while (await schedules.FindAsync("report", default) is { Next: { } due } found && due < s_due.AddMinutes(instants))
            {
                done += await FireAsync(schedules, found, due) == StepResult.Done ? 1 : 0;
            }

            return done;
        })));
        Assert.Equal(instants, results.Sum());
        var ids = (await runs.PageAsync(RunFilter.All, 100, null, default)).Runs.Select(run => run.Id).Reverse();
        Assert.Equal(Enumerable.Range(0, instants).Select(minute => ScheduleIds.RunOf("report", s_due.AddMinutes(minute))), ids);
        var stored = (await schedules.FindAsync("report", default))!;
        Assert.Equal((instants, s_due.AddMinutes(instants - 1), s_due.AddMinutes(instants)), (stored.Runs, stored.Fired, stored.Next));
    }

    [Fact]
    public async Task A_step_of_a_schedule_that_was_written_or_deleted_meanwhile_does_nothing()
    {
        var (schedules, runs) = (Open(), Runs());
        var revision = (await WriteAsync(schedules, ScheduleExample.EveryMinute(), null)).Revision!.Value;
        var found = (await schedules.FindAsync("report", default))!;
        revision = (await WriteAsync(schedules, ScheduleExample.EveryMinute() with { Priority = 9 }, revision)).Revision!.Value;
        Assert.Equal(StepResult.Moved, await FireAsync(schedules, found, s_due));
        await schedules.DeleteAsync("report", revision, default);
        Assert.Equal(StepResult.Moved, await FireAsync(schedules, found with { Revision = revision }, s_due));
        Assert.Null(await schedules.FindAsync("report", default));
        Assert.Empty((await runs.PageAsync(RunFilter.All, 100, null, default)).Runs);
    }

    [Theory]
    [InlineData(OverlapRule.Queue, StepResult.Done)]
    [InlineData(OverlapRule.Skip, StepResult.Skipped)]
    [InlineData(OverlapRule.Cancel, StepResult.Busy)]
    public async Task While_the_last_run_has_not_ended_the_rule_says_what_a_fire_does(OverlapRule rule, StepResult result)
    {
        var (schedules, runs) = (Open(), Runs());
        await WriteAsync(schedules, ScheduleExample.EveryMinute() with { Overlap = rule }, null);
        Assert.Equal(StepResult.Done, await NextAsync(schedules));
        Assert.Equal(result, await NextAsync(schedules)); // it waits
        var first = (await runs.TakeAsync(s_seat, default)).Run!;
        Assert.Equal(ScheduleIds.RunOf("report", s_due), first.Id);
        Assert.Equal(result, await NextAsync(schedules)); // it is executed
        Assert.True(await runs.EndAsync(s_seat, first.Id, KeptExample.Ended, default));

        var stored = (await schedules.FindAsync("report", default))!;
        var (count, skipped) = rule switch { OverlapRule.Queue => (3, 0), OverlapRule.Skip => (1, 2), _ => (1, 0) };
        Assert.Equal((count, skipped), (stored.Runs, stored.Skipped));
        Assert.Equal(rule == OverlapRule.Skip ? s_due.AddMinutes(2) : null, stored.SkippedAt);
        Assert.Equal(s_due.AddMinutes(rule == OverlapRule.Cancel ? 1 : 3), stored.Next);
        if (rule != OverlapRule.Queue)
        {
            Assert.Equal(StepResult.Done, await NextAsync(schedules));
        }
    }

    [Fact]
    public async Task What_is_missed_or_cannot_run_is_counted_and_a_full_queue_moves_nothing()
    {
        var schedules = Open(kept: KeptExample.Options with { QueuePerPath = 1 });
        await WriteAsync(schedules, ScheduleExample.EveryMinute(), null);
        var found = (await schedules.FindAsync("report", default))!;
        var passed = new FireStep(s_due, null, s_due.AddMinutes(3), 3);
        Assert.Equal(StepResult.Done, await schedules.StepAsync(found, passed, null, null, default));
        Assert.Equal(StepResult.Moved, await schedules.StepAsync(found, passed, null, null, default));

        var failed = new FireStep(s_due.AddMinutes(3), s_due.AddMinutes(4), s_due.AddMinutes(5), 1);
        var failure = new FireFailure("not_found", "There is no script.");
        Assert.Equal(StepResult.Done, await schedules.StepAsync(found, failed, null, failure, default));
        Assert.Equal(StepResult.Done, await NextAsync(schedules));
        Assert.Equal(StepResult.PathFull, await NextAsync(schedules));

        var stored = (await schedules.FindAsync("report", default))!;
        Assert.Equal((4, 1, 1), (stored.Missed, stored.Failed, stored.Runs));
        Assert.Equal((failure, s_due.AddMinutes(4), s_due.AddMinutes(6)), (stored.Failure, stored.FailedAt, stored.Next));
        var last = new FireStep(s_due.AddMinutes(6), null, null, 1);
        Assert.Equal(StepResult.Done, await schedules.StepAsync(found, last, null, null, default));
        Assert.Null((await schedules.FindAsync("report", default))!.Next);
        Assert.Empty((await schedules.DueAsync(DateTimeOffset.MaxValue, default)).Names);
    }

    [Fact]
    public async Task A_server_that_has_lost_the_store_changes_nothing()
    {
        var schedules = Open();
        await WriteAsync(schedules, ScheduleExample.EveryMinute(), null);
        var found = (await schedules.FindAsync("report", default))!;
        await using var connection = RedisConnection.To("the store of a test", () => store.Socket, TimeSpan.FromSeconds(5));
        connection.Fence = new StoreFence(_keys.Epoch, "7");
        var lost = new RedisSchedules(connection, _keys, ScheduleExample.Options, KeptExample.Options);
        var refused = await Assert.ThrowsAsync<StoreException>(() => FireAsync(lost, found, s_due));
        Assert.Contains("NOTOWNER", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(() => lost.DeleteAsync("report", found.Revision, default));
        await Assert.ThrowsAsync<StoreException>(() => WriteAsync(lost, found.Schedule, found.Revision));
        var same = (await schedules.FindAsync("report", default))!;
        Assert.Equal((found.Revision, found.Next), (same.Revision, same.Next));
    }

    [Fact]
    public async Task A_schedule_of_a_newer_form_is_left_to_a_server_that_knows_it()
    {
        var schedules = Open();
        await WriteAsync(schedules, ScheduleExample.EveryMinute(), null);
        await store.Connection.CallAsync(database => database.HashSetAsync($"{_keys.Kept}schedule:report", "form", 2), default);
        Assert.Null(await schedules.FindAsync("report", default));
        Assert.Empty((await schedules.PageAsync([], 10, null, default)).Schedules);
        Assert.Equal(new ScheduleWrite(null), await WriteAsync(schedules, ScheduleExample.EveryMinute(), null));
    }

    private static Task<ScheduleWrite> WriteAsync(RedisSchedules schedules, Schedule schedule, long? replaced) =>
        schedules.WriteAsync(schedule, s_input, s_due, replaced, default);

    private static async Task<StepResult> NextAsync(RedisSchedules schedules)
    {
        var found = (await schedules.FindAsync("report", default))!;
        return await FireAsync(schedules, found, found.Next!.Value);
    }

    private static Task<StepResult> FireAsync(RedisSchedules schedules, StoredSchedule found, DateTimeOffset due) => schedules.StepAsync(
        found,
        new FireStep(due, due, due.AddMinutes(1), 0),
        KeptExample.Call() with { Via = RunVia.Schedule, Schedule = found.Schedule.Name },
        null,
        default);

    private RedisSchedules Open(int count = 1000, KeptRunsOptions? kept = null) =>
        new(store.Connection, _keys, ScheduleExample.Options with { Count = count }, kept ?? KeptExample.Options);

    private RedisKeptRuns Runs() => new(store.Connection, _keys, KeptExample.Options);
}
