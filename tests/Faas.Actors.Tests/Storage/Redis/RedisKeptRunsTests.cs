using System.Text;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

/// <summary>Kept runs in a real Redis: what <see cref="KeptRunsModelTests"/> does not try.</summary>
public sealed class RedisKeptRunsTests(EmbeddedStore store) : IClassFixture<EmbeddedStore>
{
    private static readonly KeptSeat s_seat = new("here", "now", 0);
    private static readonly byte[] s_input = """{"a":1}"""u8.ToArray();
    private readonly StoreKeys _keys = new($"kept-{Guid.NewGuid():N}:");

    [Fact]
    public async Task A_record_has_all_that_was_written_of_the_run()
    {
        var (call, end, log) = KeptExample.Whole;
        call = call with { NotBefore = null };
        var runs = Open();
        Assert.Equal(KeptAcceptance.Accepted, await runs.AcceptAsync("c~k1", call, s_input, default));
        Assert.Equal((RunStage.Queued, 0), await StageAsync(runs, "c~k1"));
        var taken = (await runs.TakeAsync(s_seat, default)).Run!;
        Assert.Equal(("c~k1", call, """{"a":1}"""), (taken.Id, taken.Call, Encoding.UTF8.GetString(taken.Input.Span)));
        Assert.Equal((RunStage.Running, 1), await StageAsync(runs, "c~k1"));
        var outcome = new KeptOutcome(end, "[1,2,3]"u8.ToArray(), new KeptRest([KeptExample.Piece(2, [.. log])], 2));
        Assert.True(await runs.EndAsync(s_seat, "c~k1", outcome, default));

        var found = (await runs.FindAsync("c~k1", default))!;
        Assert.Equal((RunStage.Ended, "here", 1, call, end), (found.Stage, found.Node, found.Attempt, found.Call, found.End));
        Assert.Equal(("[1,2,3]", """{"a":1}"""), (Encoding.UTF8.GetString(found.Result.Span), Encoding.UTF8.GetString(found.Input.Span)));
        Assert.Equal(log, found.Log);
        var looked = (await runs.LookAsync("c~k1", default))!;
        Assert.Equal((found.Stage, found.Call, found.End, found.Lines), (looked.Stage, looked.Call, looked.End, looked.Lines));
        Assert.InRange(found.Ended!.Value - found.Taken!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Null(await runs.FindAsync("c~k2", default));
    }

    [Fact]
    public async Task The_record_of_a_run_that_did_not_wait_is_written_whole_and_counts_with_the_others()
    {
        var runs = Open(options: KeptExample.Options with { Count = 1 });
        var (call, end, log) = KeptExample.Whole;
        var output = new KeptRest([KeptExample.Piece(2, [.. log])], 2);
        for (var run = 1; run <= 2; run++)
        {
            await runs.KeepAsync($"run-{run}", call, s_input, "here", new KeptOutcome(end, "7"u8.ToArray(), output), default);
            await runs.KeepAsync($"run-{run}", call, s_input, "here", new KeptOutcome(end, "8"u8.ToArray(), output), default); // a lost reply
        }

        var found = (await runs.FindAsync("run-2", default))!;
        Assert.Equal((RunStage.Ended, "here", 1, call, end), (found.Stage, found.Node, found.Attempt, found.Call, found.End));
        Assert.Equal(("7", log.Count), (Encoding.UTF8.GetString(found.Result.Span), found.Log.Count));
        Assert.Equal(["run-2"], await IdsAsync(runs));
        Assert.Empty(await runs.RunningAsync(default));
        Assert.Null((await runs.TakeAsync(s_seat, default)).Run);
        Assert.Equal("0", await store.Connection.CallAsync(async database => $"{await database.StringGetAsync($"{_keys.Kept}open")}", default));
    }

    [Fact]
    public async Task The_levels_say_what_waits_how_long_the_oldest_has_waited_and_what_is_kept()
    {
        var runs = Open();
        Assert.Equal(new KeptLevels(0, 0, null, 0, 0, 0), await runs.LevelsAsync(default));
        var now = DateTimeOffset.UtcNow;
        await AcceptAsync("c~k1", KeptExample.Call("b", priority: 1) with { Received = now.AddHours(-2), NotBefore = now.AddHours(-1) });
        await AcceptAsync("c~k2", KeptExample.Call("a", priority: 9) with { Received = now.AddMinutes(-5) });
        await AcceptAsync("c~k3", KeptExample.Call("b", priority: 9) with { Received = now.AddMinutes(-4) });
        await AcceptAsync("c~k4", KeptExample.Call("a") with { NotBefore = now.AddHours(1) });
        var levels = await runs.LevelsAsync(default);
        Assert.Equal((3, 1, 0, 0), (levels.Due, levels.Later, levels.Ended, levels.EndedBytes));
        Assert.InRange(levels.OldestWait!.Value.TotalMinutes, 60, 65);
        Assert.True(levels.OpenBytes > 0);

        foreach (var id in new[] { "c~k1", "c~k3" })
        {
            await runs.CancelAsync(id, default);
        }

        var fewer = await runs.LevelsAsync(default);
        Assert.Equal((1, 1, 2), (fewer.Due, fewer.Later, fewer.Ended));
        Assert.InRange(fewer.OldestWait!.Value.TotalMinutes, 5, 10);
        Assert.True(fewer.OpenBytes < levels.OpenBytes && fewer.EndedBytes > 0);

        Task AcceptAsync(string id, KeptCall call) => runs.AcceptAsync(id, call, s_input, default);
    }

    [Fact]
    public async Task Of_calls_of_one_name_one_has_a_run_until_its_record_is_forgotten()
    {
        var runs = Open(options: KeptExample.Options with { Count = 1 });
        var (once, other) = (new KeptOnce("name", "print"), new KeptOnce("name", "other"));
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            call => runs.ClaimAsync($"run-{call}", once, KeptExample.Call(), s_input, s_seat with { Number = call }, default)));
        var id = claims[0].Id;
        Assert.All(claims, claim => Assert.Equal(new KeptClaim(KeptAcceptance.Accepted, id, IsSame: true), claim));
        Assert.Equal([id], await IdsAsync(runs));
        Assert.Equal((RunStage.Running, 1), await StageAsync(runs, id));
        var seat = Assert.Single(await runs.RunningAsync(default)).Seat;
        Assert.Equal(
            new KeptClaim(KeptAcceptance.Accepted, id, IsSame: false),
            await runs.ClaimAsync("next", other, KeptExample.Call(), s_input, seat: null, default));

        Assert.True(await runs.EndAsync(seat, id, KeptOutcome.Of(KeptEnd.Abandoned), default));
        Assert.Equal(id, (await runs.ClaimAsync("next", once, KeptExample.Call(), s_input, seat, default)).Id);
        await runs.KeepAsync("newer", KeptExample.Call(), s_input, "here", KeptOutcome.Of(KeptEnd.Cancelled), default);
        Assert.Equal(["newer"], await IdsAsync(runs));
        Assert.Equal("next", (await runs.ClaimAsync("next", other, KeptExample.Call(), s_input, seat: null, default)).Id);
        Assert.Equal("next", (await runs.TakeAsync(s_seat, default)).Run?.Id);
    }

    [Fact]
    public async Task A_run_that_is_withdrawn_was_never_there_and_one_that_is_refused_leaves_its_name_free()
    {
        var runs = Open(options: KeptExample.Options with { Queue = 1, StoreBytes = 70_000 });
        var once = new KeptOnce("name", "print");
        await runs.ClaimAsync("first", once, KeptExample.Call(), s_input, s_seat, default);
        await runs.WithdrawAsync(s_seat with { Number = 7 }, "first", default);
        Assert.Equal(["first"], await IdsAsync(runs));
        Assert.Equal(KeptCancellation.Marked, await runs.CancelAsync("first", default));
        await runs.WithdrawAsync(s_seat, "first", default);
        Assert.Empty(await IdsAsync(runs));
        Assert.Empty(await runs.RunningAsync(default));
        Assert.Empty(await runs.MarkedAsync(default));
        Assert.Equal("0", await store.Connection.CallAsync(async database => $"{await database.StringGetAsync($"{_keys.Kept}open")}", default));

        await runs.AcceptAsync("waits", KeptExample.Call(), new byte[60_000], default);
        Assert.Equal(
            KeptAcceptance.QueueFull, (await runs.ClaimAsync("second", once, KeptExample.Call(), s_input, seat: null, default)).Acceptance);
        Assert.Equal(
            KeptAcceptance.StoreFull,
            (await runs.ClaimAsync("second", once, KeptExample.Call(), new byte[20_000], s_seat, default)).Acceptance);
        Assert.Equal("third", (await runs.ClaimAsync("third", once, KeptExample.Call(), s_input, s_seat, default)).Id);
    }

    [Fact]
    public async Task A_run_of_a_call_without_a_name_is_executed_at_once_and_takes_no_name()
    {
        var runs = Open();
        foreach (var id in new[] { "first", "second" })
        {
            var seat = s_seat with { Number = id.Length };
            Assert.Equal(
                new KeptClaim(KeptAcceptance.Accepted, id, IsSame: true),
                await runs.ClaimAsync(id, once: null, KeptExample.Call(), s_input, seat, default));
            Assert.True(await runs.AppendAsync(seat, id, [KeptExample.Piece(1, "printed")], default));
            Assert.True(await runs.EndAsync(seat, id, KeptExample.Ended, default));
        }

        Assert.Equal(["second", "first"], await IdsAsync(runs));
        await runs.ClaimAsync("third", once: null, KeptExample.Call(), s_input, s_seat, default);
        await runs.WithdrawAsync(s_seat, "third", default);
        Assert.Equal(["second", "first"], await IdsAsync(runs));
    }

    [Fact]
    public async Task A_script_keeps_as_many_records_as_the_version_of_its_last_run_says_and_others_keep_theirs()
    {
        var runs = Open();
        var few = KeptExample.Call() with { Retention = new RunRetention(Count: 2) };
        await KeepAsync("other/1", KeptExample.Call("other"));
        foreach (var number in Enumerable.Range(1, 4))
        {
            await KeepAsync($"add/{number}", KeptExample.Call());
        }

        Assert.Equal(5, (await IdsAsync(runs)).Count());
        await KeepAsync("add/5", few);
        Assert.Equal(["add/5", "add/4", "other/1"], await IdsAsync(runs));
        await runs.AcceptAsync("add/6", few, s_input, default);
        Assert.Equal(KeptCancellation.Ended, await runs.CancelAsync("add/6", default));
        Assert.Equal(["add/6", "add/5", "other/1"], await IdsAsync(runs));
        await KeepAsync("add/7", KeptExample.Call());
        Assert.Equal(["add/7", "add/6", "add/5", "other/1"], await IdsAsync(runs));
        await KeepAsync("add/8", KeptExample.Call() with { Retention = new RunRetention(Count: 1), Key = "\"retention\":" });
        Assert.Equal(["add/8", "other/1"], await IdsAsync(runs));
        await KeepAsync("add/9", KeptExample.Call() with { Key = "\"retention\":" });
        Assert.Equal(["add/9", "add/8", "other/1"], await IdsAsync(runs));

        Task KeepAsync(string id, KeptCall call) => runs.KeepAsync(id, call, s_input, "here", KeptExample.Ended, default);
    }

    [Fact]
    public async Task A_script_keeps_its_records_for_as_long_as_the_version_of_its_last_run_says()
    {
        var runs = Open();
        var brief = KeptExample.Call() with { Retention = new RunRetention(Age: TimeSpan.FromMilliseconds(1)) };
        await runs.KeepAsync("other", KeptExample.Call("other"), s_input, "here", KeptExample.Ended, default);
        await runs.KeepAsync("old", KeptExample.Call(), s_input, "here", KeptExample.Ended, default);
        await runs.KeepAsync("new", brief, s_input, "here", KeptExample.Ended, default);
        await Eventually.HoldsAsync(
            async () =>
            {
                await runs.CleanAsync(default);
                return (await IdsAsync(runs)).SequenceEqual(["other"]);
            },
            TimeSpan.FromSeconds(10),
            () => "they are still there");
        foreach (var key in new[] { "ages", "ended:math/add" })
        {
            Assert.False(await store.Connection.CallAsync(database => database.KeyExistsAsync($"{_keys.Kept}{key}"), default));
        }
    }

    [Fact]
    public async Task Ids_that_a_server_of_an_earlier_form_has_left_keep_no_later_step_from_its_end()
    {
        var runs = Open();
        await runs.KeepAsync("gone", KeptExample.Call(), s_input, "here", KeptExample.Ended, default);
        await store.Connection.CallAsync(
            async database =>
            {
                await database.SortedSetRemoveAsync($"{_keys.Kept}all", "gone");
                await database.SortedSetRemoveAsync($"{_keys.Kept}ended", "gone");
                return await database.KeyDeleteAsync($"{_keys.Kept}run:gone");
            },
            default);
        var one = KeptExample.Call() with { Retention = new RunRetention(Count: 1, Age: TimeSpan.FromHours(1)) };
        await runs.KeepAsync("first", one, s_input, "here", KeptExample.Ended, default);
        await runs.KeepAsync("second", one, s_input, "here", KeptExample.Ended, default);
        await runs.CleanAsync(default);
        Assert.Equal(["second"], await IdsAsync(runs));
    }

    [Fact]
    public async Task A_dead_letter_is_listed_until_a_run_takes_its_place_which_one_does()
    {
        var runs = Open(options: KeptExample.Options with { Queue = 1 });
        var asked = KeptExample.Call() with { Asynchronous = true };
        foreach (var (id, reason) in new[] { ("fine", "ok"), ("failed", "timeout"), ("ended", "cancelled") })
        {
            await runs.AcceptAsync(id, asked, s_input, default);
            await runs.TakeAsync(s_seat, default);
            await runs.EndAsync(s_seat, id, KeptOutcome.Of(new KeptEnd { Reason = reason }), default);
        }

        await runs.KeepAsync("waited", KeptExample.Call(), s_input, "here", KeptOutcome.Of(new KeptEnd { Reason = "error" }), default);
        Assert.Equal(["failed"], await DeadAsync());
        await runs.AcceptAsync("in the way", asked, s_input, default);
        Assert.Equal(KeptAcceptance.QueueFull, (await runs.RedriveAsync("failed", "new", asked, s_input, default)).Acceptance);
        Assert.Equal(["failed"], await DeadAsync());
        await runs.CancelAsync("in the way", default);

        var again = asked with { Redrives = "failed" };
        var claims = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(call => runs.RedriveAsync("failed", $"new-{call}", again, s_input, default)));
        var by = Assert.Single(claims.Distinct()).Id;
        Assert.Empty(await DeadAsync());
        Assert.Equal(by, (await runs.FindAsync("failed", default))!.RedrivenBy);
        var taken = (await runs.TakeAsync(s_seat, default)).Run!;
        Assert.Equal((by, again), (taken.Id, taken.Call));
        Assert.Equal(by, (await runs.RedriveAsync("failed", by, again, s_input, default)).Id); // a lost reply

        async Task<IEnumerable<string>> DeadAsync() =>
            (await runs.PageAsync(RunFilter.All with { IsDead = true }, 10, null, default)).Runs.Select(run => run.Id);
    }

    [Fact]
    public async Task A_run_that_waits_for_a_time_is_not_taken_before_and_the_worker_is_told_how_long()
    {
        var runs = Open();
        await runs.AcceptAsync("late", KeptExample.Call() with { NotBefore = DateTimeOffset.UtcNow.AddHours(1) }, s_input, default);
        var (none, wait) = await runs.TakeAsync(s_seat, default);
        Assert.Null(none);
        Assert.InRange(wait!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        await runs.AcceptAsync("due", KeptExample.Call() with { NotBefore = DateTimeOffset.UtcNow.AddHours(-1) }, s_input, default);
        Assert.Equal("due", (await runs.TakeAsync(s_seat, default)).Run?.Id);

        await runs.AcceptAsync("soon", KeptExample.Call("soon") with { NotBefore = DateTimeOffset.UtcNow.AddMilliseconds(50) }, s_input, default);
        var next = s_seat with { Number = 1 };
        KeptTurn turn;
        while ((turn = await runs.TakeAsync(next, default)).Run is null)
        {
            Assert.InRange(turn.Wait!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(60));
            await Task.Delay(turn.Wait.Value);
        }

        Assert.Equal("soon", turn.Run!.Id);
        Assert.Null((await Open("other:").TakeAsync(s_seat, default)).Wait);
    }

    [Fact]
    public async Task What_takes_too_much_room_goes_the_oldest_first_and_is_not_accepted_while_it_waits()
    {
        var runs = Open(options: KeptExample.Options with { StoreBytes = 70_000 });
        var large = new byte[30_000];
        for (var run = 1; run <= 3; run++)
        {
            await runs.AcceptAsync($"run-{run}", KeptExample.Call(), s_input, default);
            await runs.TakeAsync(s_seat, default);
            await runs.EndAsync(s_seat, $"run-{run}", KeptExample.Ended with { Result = large }, default);
        }

        Assert.Equal(["run-3", "run-2"], await IdsAsync(runs));
        Assert.Equal(KeptAcceptance.Accepted, await runs.AcceptAsync("first", KeptExample.Call(), new byte[60_000], default));
        Assert.Equal(KeptAcceptance.StoreFull, await runs.AcceptAsync("second", KeptExample.Call(), new byte[60_000], default));
        Assert.Equal(KeptCancellation.Ended, await runs.CancelAsync("first", default));
        Assert.Equal(KeptAcceptance.Accepted, await runs.AcceptAsync("second", KeptExample.Call(), new byte[60_000], default));
    }

    [Fact]
    public async Task What_has_ended_too_long_ago_is_forgotten_and_leaves_nothing()
    {
        var runs = Open(options: KeptExample.Options with { MaxAge = TimeSpan.Zero });
        await runs.AcceptAsync("ended", KeptExample.Call(), s_input, default);
        await runs.TakeAsync(s_seat, default);
        await runs.AppendAsync(s_seat, "ended", [KeptExample.Piece(1, "printed")], default);
        await runs.EndAsync(s_seat, "ended", KeptExample.Ended, default);
        await runs.CleanAsync(default);
        Assert.Empty(await IdsAsync(runs));
        var left = await store.Connection.KeysAsync($"{_keys.Kept}*", default);
        Assert.Equal(["bytes", "open", "seq", "turn", "waiting"], left.Select(key => key[_keys.Kept.Length..]).Order());
        Assert.Equal(
            ["0", "0"],
            await store.Connection.CallAsync(
                async database => (string[])[$"{await database.StringGetAsync($"{_keys.Kept}bytes")}", $"{await database.StringGetAsync($"{_keys.Kept}open")}"],
                default));
    }

    [Fact]
    public async Task What_a_run_prints_is_stored_once_under_its_numbers_and_the_oldest_goes_when_it_is_too_much()
    {
        var runs = Open(options: KeptExample.Options with { LogBytes = 90, StoreBytes = 1000 });
        await runs.AcceptAsync("run", KeptExample.Call(), s_input, default);
        Assert.False(await runs.AppendAsync(s_seat, "run", [KeptExample.Piece(1, "early")], default));
        await runs.TakeAsync(s_seat, default);
        var first = KeptExample.Piece(2, "one", "two"); // 38 bytes
        Assert.True(await runs.AppendAsync(s_seat, "run", [first], default));
        Assert.True(await runs.AppendAsync(s_seat, "run", [first, KeptExample.Piece(3, "two", "three")], default)); // as after lost replies
        var found = (await runs.FindAsync("run", default))!;
        Assert.Equal(("one two three", 3L), (Text(found.Log), found.Lines));
        var reading = (await runs.ReadAsync("run", 1, default))!;
        Assert.Equal((RunStage.Running, false, false, 2), (reading.Run.Stage, reading.HasMore, reading.IsTrimmed, reading.Pieces.Count));
        Assert.False(await runs.AppendAsync(s_seat with { Number = 1 }, "run", [KeptExample.Piece(4, "foreign")], default));

        Assert.True(await runs.AppendAsync(s_seat, "run", [KeptExample.Piece(7, "seven")], default)); // 5 and 6 were lost
        Assert.Equal("two three seven", Text((await runs.FindAsync("run", default))!.Log));
        var outcome = KeptExample.Ended with { Output = new([KeptExample.Piece(8, "eight")], 9) };
        await runs.EndAsync(s_seat, "run", outcome, default);
        found = (await runs.FindAsync("run", default))!;
        Assert.Equal(("two three seven eight", 9L), (Text(found.Log), found.Lines));
        foreach (var (after, isTrimmed) in new[] { (0, true), (1, false), (3, false), (8, false), (9, false) })
        {
            Assert.Equal((after, isTrimmed), (after, (await runs.ReadAsync("run", after, default))!.IsTrimmed));
        }

        Assert.Null(await runs.ReadAsync("none", 0, default));
        var sizes = await store.Connection.CallAsync(
            async database => (
                (int)await database.StringGetAsync($"{_keys.Kept}open"), (int)await database.StringGetAsync($"{_keys.Kept}bytes")),
            default);
        Assert.Equal(0, sizes.Item1);
        Assert.InRange(sizes.Item2, 80, 500);
    }

    [Fact]
    public async Task A_run_that_failed_waits_for_its_next_attempt_with_its_output_and_why()
    {
        var runs = Open(options: KeptExample.Options with { QueuePerPath = 1 });
        var call = KeptExample.Call() with { Asynchronous = true, Retry = KeptExample.Retry };
        await runs.AcceptAsync("run", call, s_input, default);
        var taken = (await runs.TakeAsync(s_seat, default)).Run!;
        Assert.Equal((1, 0L, call), (taken.Attempt, taken.Lines, taken.Call));
        await runs.AppendAsync(s_seat, "run", [KeptExample.Piece(1, "one")], default);
        var failed = KeptExample.Failed with { Output = new KeptRest([KeptExample.Piece(2, "two")], 3) }; // the third line is too long
        Assert.Equal(KeptRetry.NotOwn, await runs.RetryAsync(s_seat, taken with { Attempt = 2 }, failed, TimeSpan.Zero, default));
        Assert.Equal(KeptRetry.NotOwn, await runs.RetryAsync(s_seat with { Number = 1 }, taken, failed, TimeSpan.Zero, default));
        Assert.Equal(KeptRetry.Waits, await runs.RetryAsync(s_seat, taken, failed, TimeSpan.FromHours(1), default));
        Assert.False(await runs.AppendAsync(s_seat, "run", [KeptExample.Piece(4, "late")], default));
        Assert.False(await runs.EndAsync(s_seat, "run", KeptExample.Ended, default));

        var waits = (await runs.FindAsync("run", default))!;
        Assert.Equal((RunStage.Queued, 1, null, "one two", 3L), (waits.Stage, waits.Attempt, waits.Node, Text(waits.Log), waits.Lines));
        Assert.Equal(("timeout", "It took too long.", null), (waits.Failure!.Reason, waits.Failure.Detail, waits.End));
        Assert.Equal(TimeSpan.FromHours(1), waits.RetryAt - waits.Failure.At);
        Assert.InRange((await runs.TakeAsync(s_seat, default)).Wait!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.Equal(KeptAcceptance.PathFull, await runs.AcceptAsync("other", KeptExample.Call(), s_input, default));
        Assert.Empty(await runs.RunningAsync(default));

        Assert.Equal(KeptCancellation.Ended, await runs.CancelAsync("run", default));
        var ended = (await runs.FindAsync("run", default))!;
        Assert.Equal(("cancelled", 1, "one two", 3L), (ended.End!.Reason, ended.Attempt, Text(ended.Log), ended.Lines));
        Assert.Equal(("timeout", KeptEnd.CancelledBetweenAttempts), (ended.Failure!.Reason, ended.End));
        Assert.Equal("0", await OpenBytesAsync());
    }

    [Fact]
    public async Task A_later_attempt_is_taken_counted_and_ends_the_run_and_leaves_no_byte_uncounted()
    {
        var runs = Open(options: KeptExample.Options with { MaxAge = TimeSpan.Zero });
        await runs.AcceptAsync("run", KeptExample.Call(), s_input, default);
        await runs.AcceptAsync("next", KeptExample.Call(), s_input, default);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var run = (await runs.TakeAsync(s_seat, default)).Run!;
            Assert.Equal(("run", attempt, attempt - 1L), (run.Id, run.Attempt, run.Lines)); // at its place, before what came later
            var output = new KeptRest([KeptExample.Piece(attempt, $"line {attempt}")], attempt);
            if (attempt < 3)
            {
                var failed = KeptExample.Failed with { Output = output };
                Assert.Equal(KeptRetry.Waits, await runs.RetryAsync(s_seat, run, failed, TimeSpan.Zero, default));
            }
            else
            {
                Assert.True(await runs.EndAsync(s_seat, "run", KeptExample.Ended with { Output = output }, default));
            }
        }

        var ended = (await runs.FindAsync("run", default))!;
        Assert.Equal(("ok", 3, "line 1 line 2 line 3"), (ended.End!.Reason, ended.Attempt, Text(ended.Log)));
        var marked = (await runs.TakeAsync(s_seat, default)).Run!;
        Assert.Equal(KeptCancellation.Marked, await runs.CancelAsync("next", default));
        Assert.Equal(KeptRetry.Ended, await runs.RetryAsync(s_seat, marked, KeptExample.Failed, TimeSpan.Zero, default));
        Assert.Equal("timeout", (await runs.LookAsync("next", default))!.End!.Reason);
        Assert.Empty(await runs.MarkedAsync(default));
        await runs.CleanAsync(default);
        Assert.Equal(("0", "0"), (await OpenBytesAsync(), await store.Connection.CallAsync(
            async database => $"{await database.StringGetAsync($"{_keys.Kept}bytes")}", default)));
    }

    [Fact]
    public async Task The_next_run_of_a_chain_is_accepted_with_the_end_once_or_the_end_says_why_not()
    {
        var runs = Open(options: KeptExample.Options with { QueuePerPath = 1 });
        await runs.AcceptAsync("first", KeptExample.Call() with { Then = KeptExample.Then }, s_input, default);
        Assert.Equal(KeptExample.Then, (await runs.TakeAsync(s_seat, default)).Run!.Call.Then);
        var handed = KeptExample.Ended with { Next = KeptExample.Next("second", "b"), Output = new([KeptExample.Piece(1, "one")], 1) };
        Assert.False(await runs.EndAsync(s_seat with { Number = 1 }, "first", handed, default));
        Assert.True(await runs.EndAsync(s_seat, "first", handed, default));
        Assert.False(await runs.EndAsync(s_seat, "first", handed with { Next = KeptExample.Next("third", "b") }, default)); // a lost reply
        var first = (await runs.FindAsync("first", default))!;
        Assert.Equal(("second", null, "one"), (first.Next, first.NextRefused, Text(first.Log)));
        Assert.Equal(["second", "first"], await IdsAsync(runs));

        await runs.AcceptAsync("other", KeptExample.Call("c"), s_input, default);
        var next = s_seat with { Number = 1 };
        Assert.Equal(("second", "[7]"), await TakenAsync(next));
        await runs.AcceptAsync("waits", KeptExample.Call("b"), s_input, default);
        Assert.Equal(("other", """{"a":1}"""), await TakenAsync(s_seat));
        await runs.EndAsync(s_seat, "other", KeptExample.Ended with { Next = KeptExample.Next("refused", "b") }, default);
        Assert.Equal((null, "path full"), await NextAsync("other"));
        Assert.Null(await runs.FindAsync("refused", default));
        await runs.EndAsync(next, "second", KeptExample.Ended with { NextRefused = "It is too long." }, default);
        Assert.Equal((null, "It is too long."), await NextAsync("second"));

        await runs.TakeAsync(s_seat, default);
        Assert.Equal(KeptCancellation.Marked, await runs.CancelAsync("waits", default));
        await runs.EndAsync(s_seat, "waits", KeptExample.Ended with { Next = KeptExample.Next("not wanted", "b") }, default);
        Assert.Equal((null, null), await NextAsync("waits"));
        Assert.Null((await runs.TakeAsync(s_seat, default)).Run);
        Assert.Equal("0", await OpenBytesAsync());

        async Task<(string, string)> TakenAsync(KeptSeat seat) =>
            (await runs.TakeAsync(seat, default)).Run is { } run ? (run.Id, Encoding.UTF8.GetString(run.Input.Span)) : default;

        async Task<(string?, string?)> NextAsync(string id) =>
            await runs.LookAsync(id, default) is { } run ? (run.Next, run.NextRefused) : default;
    }

    [Fact]
    public async Task The_run_of_a_server_that_has_ended_keeps_what_was_stored_of_its_output()
    {
        var runs = Open();
        await runs.AcceptAsync("run", KeptExample.Call(), s_input, default);
        await runs.TakeAsync(s_seat, default);
        await runs.AppendAsync(s_seat, "run", [KeptExample.Piece(2, "one", "two")], default);
        await runs.EndAsync(s_seat, "run", KeptOutcome.Of(KeptEnd.Abandoned), default);
        var found = (await runs.FindAsync("run", default))!;
        Assert.Equal(("one two", 2L, "sandbox"), (Text(found.Log), found.Lines, found.End!.Reason));
    }

    [Fact]
    public async Task A_long_output_is_read_part_by_part()
    {
        var runs = Open(options: KeptExample.Options with { LogBytes = 1 << 20 });
        await runs.AcceptAsync("run", KeptExample.Call(), s_input, default);
        await runs.TakeAsync(s_seat, default);
        var pieces = Enumerable.Range(1, 250).Select(number => KeptExample.Piece(2 * number, "odd", "even"));
        await runs.AppendAsync(s_seat, "run", [.. pieces], default);
        var (after, parts) = (0L, new List<int>());
        KeptReading reading;
        do
        {
            reading = (await runs.ReadAsync("run", after, default))!;
            after = reading.Pieces[^1].Last;
            parts.Add(reading.Pieces.Count);
        }
        while (reading.HasMore);
        Assert.Equal((500L, "100 100 50"), (after, string.Join(' ', parts)));
    }

    [Fact]
    public async Task A_list_is_told_page_by_page_and_only_what_is_wanted()
    {
        var runs = Open(options: KeptExample.Options with { Queue = 2000, QueuePerPath = 2000 });
        for (var run = 0; run < 1100; run++)
        {
            await runs.AcceptAsync($"run-{run}", KeptExample.Call(run % 100 == 0 ? "rare/one" : "often") with { Key = "ci" }, s_input, default);
        }

        var (found, seen) = (new List<string>(), (long?)null);
        do
        {
            var (page, next) = await runs.PageAsync(new RunFilter { Path = "rare", Key = "ci" }, 4, seen, default);
            Assert.InRange(page.Count, 0, 4);
            (found, seen) = ([.. found, .. page.Select(run => run.Id)], next);
        }
        while (seen is not null);
        Assert.Equal(Enumerable.Range(0, 11).Reverse().Select(n => $"run-{n * 100}"), found);
        Assert.Empty((await runs.PageAsync(new RunFilter { Key = "other" }, 4, null, default)).Runs);
        Assert.Empty((await runs.PageAsync(new RunFilter { Reasons = ["ok"] }, 4, null, default)).Runs);
        Assert.Empty((await runs.PageAsync(new RunFilter { Roots = ["other"] }, 4, null, default)).Runs);
    }

    [Fact]
    public async Task A_server_that_has_lost_the_store_changes_nothing()
    {
        await using var connection = RedisConnection.To("the store of a test", () => store.Socket, TimeSpan.FromSeconds(5));
        connection.Fence = new StoreFence(_keys.Epoch, "7");
        var lost = new RedisKeptRuns(connection, _keys, KeptExample.Options);
        var refused = await Assert.ThrowsAsync<StoreException>(() => lost.AcceptAsync("lost", KeptExample.Call(), s_input, default));
        Assert.Contains("NOTOWNER", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(() => lost.TakeAsync(s_seat, default));
        await connection.CallAsync(database => database.StringSetAsync(_keys.Epoch, "7"), default);
        Assert.Equal(KeptAcceptance.Accepted, await lost.AcceptAsync("lost", KeptExample.Call(), s_input, default));
    }

    [Fact]
    public async Task A_run_of_a_newer_form_waits_for_a_server_that_knows_it()
    {
        var runs = Open();
        await runs.AcceptAsync("newer", KeptExample.Call("a"), s_input, default);
        await runs.AcceptAsync("known", KeptExample.Call("b"), s_input, default);
        await store.Connection.CallAsync(database => database.HashSetAsync($"{_keys.Kept}run:newer", "form", 2), default);
        await Assert.ThrowsAsync<StoreException>(() => runs.TakeAsync(s_seat, default));
        Assert.Equal("known", (await runs.TakeAsync(s_seat, default)).Run?.Id);
        Assert.Equal(["known"], await IdsAsync(runs));
        Assert.Null(await runs.FindAsync("newer", default));
    }

    private Task<string> OpenBytesAsync() => store.Connection.CallAsync(
        async database => $"{await database.StringGetAsync($"{_keys.Kept}open")}", default);

    private static string Text(IEnumerable<KeptLine> lines) => string.Join(' ', lines.Select(line => line.Text));

    private RedisKeptRuns Open(string more = "", KeptRunsOptions? options = null) =>
        new(store.Connection, new StoreKeys($"{_keys.Prefix}{more}"), options ?? KeptExample.Options);

    private static async Task<(RunStage, int)> StageAsync(RedisKeptRuns runs, string id) =>
        await runs.FindAsync(id, default) is { } run ? (run.Stage, run.Attempt) : default;

    private static async Task<IEnumerable<string>> IdsAsync(RedisKeptRuns runs) =>
        (await runs.PageAsync(RunFilter.All, 100, null, default)).Runs.Select(run => run.Id);
}
