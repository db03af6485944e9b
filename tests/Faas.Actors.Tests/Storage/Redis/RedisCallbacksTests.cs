using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

/// <summary>Callbacks of kept runs in a real Redis.</summary>
public sealed class RedisCallbacksTests(EmbeddedStore store) : IClassFixture<EmbeddedStore>
{
    private static readonly KeptSeat s_seat = new("here", "now", 0);
    private static readonly KeptCallback s_callback = new("https://example.com/done", CallbackFormat.CloudEvents);
    private static readonly KeptCall s_call = KeptExample.Call() with { Callback = s_callback };
    private static readonly TimeSpan s_lease = TimeSpan.FromHours(1);
    private static readonly CallbackNote s_delivered = new(CallbackState.Delivered, new CallbackAnswer(200, null), TimeSpan.Zero);
    private static readonly CallbackNote s_failed = new(CallbackState.Pending, new CallbackAnswer(500, null), TimeSpan.FromHours(2));
    private readonly StoreKeys _keys = new($"callbacks-{Guid.NewGuid():N}:");

    [Fact]
    public async Task In_each_way_in_which_a_run_ends_its_callback_becomes_due()
    {
        var (runs, callbacks) = Open();
        await EndedAsync(runs, "ended");
        await runs.KeepAsync("kept", s_call, default, "here", KeptExample.Ended, default);
        await runs.AcceptAsync("cancelled", s_call, default, default);
        Assert.Equal(CallbackDelivery.Waiting, (await runs.FindAsync("cancelled", default))!.Callback);
        await runs.CancelAsync("cancelled", default);
        await runs.AcceptAsync("returned", s_call, default, default);
        await runs.TakeAsync(s_seat, default);
        await runs.CancelAsync("returned", default);
        await runs.ReturnAsync(s_seat, "returned", default);
        await runs.ClaimAsync("abandoned", new KeptOnce("name", "print"), s_call, default, s_seat, default);
        await runs.EndAsync(s_seat, "abandoned", KeptOutcome.Of(KeptEnd.Abandoned), default);
        await runs.KeepAsync("without", KeptExample.Call(), default, "here", KeptExample.Ended, default);

        var due = new List<string?>();
        for (var turn = await callbacks.TakeAsync(s_lease, default);
            turn.Id is not null;
            turn = await callbacks.TakeAsync(s_lease, default))
        {
            due.Add(turn.Id);
            Assert.Equal(1, turn.Attempt);
        }

        Assert.Equal(["abandoned", "cancelled", "ended", "kept", "returned"], due.Order(StringComparer.Ordinal));
        Assert.Null((await runs.FindAsync("without", default))!.Callback);
        Assert.InRange((await callbacks.TakeAsync(s_lease, default)).Wait!.Value, TimeSpan.FromMinutes(50), s_lease);
    }

    [Fact]
    public async Task The_retention_of_a_version_waits_for_callbacks_and_one_whose_run_is_gone_is_not_sent()
    {
        var (runs, callbacks) = Open();
        var one = s_call with { Retention = new RunRetention(Count: 1) };
        await runs.KeepAsync("first", one, default, "here", KeptExample.Ended, default);
        await runs.KeepAsync("second", one, default, "here", KeptExample.Ended, default);
        var turn = await callbacks.TakeAsync(s_lease, default);
        Assert.Equal("first", turn.Id);
        Assert.NotNull(await runs.FindAsync("first", default));
        await callbacks.NoteAsync("first", turn.Attempt, s_delivered, default);
        await runs.KeepAsync("third", one, default, "here", KeptExample.Ended, default);
        Assert.Null(await runs.FindAsync("first", default));

        await store.Connection.CallAsync(
            database => database.KeyDeleteAsync([$"{_keys.Kept}run:second", $"{_keys.Kept}run:third"]), default);
        while ((await callbacks.TakeAsync(s_lease, default)) is { } next && (next.Id is not null || next.Wait is not null))
        {
            Assert.Null(next.Id);
        }

        Assert.False(await store.Connection.CallAsync(database => database.KeyExistsAsync($"{_keys.Kept}run:second"), default));
    }

    [Fact]
    public async Task A_callback_is_due_at_the_ends_that_its_call_wants_to_be_told_of()
    {
        var (runs, callbacks) = Open();
        foreach (var (id, on, reason) in new[]
        {
            ("a", CallbackOutcome.Ok, "ok"), ("b", CallbackOutcome.Failed, "ok"), ("c", CallbackOutcome.Ok, "error"),
            ("d", CallbackOutcome.Failed, "timeout"),
        })
        {
            await EndedAsync(runs, id, reason, s_call with { Callback = s_callback with { On = on } });
        }

        string?[] due = [(await callbacks.TakeAsync(s_lease, default)).Id, (await callbacks.TakeAsync(s_lease, default)).Id];
        Assert.Equal(["a", "d"], due.Order(StringComparer.Ordinal));
        Assert.Null((await callbacks.TakeAsync(s_lease, default)).Id);
        Assert.Equal(CallbackState.Skipped, (await runs.FindAsync("b", default))!.Callback!.State);
        var skipped = await runs.PageAsync(new RunFilter { Callbacks = [CallbackState.Skipped] }, 10, null, default);
        Assert.Equal(["c", "b"], skipped.Runs.Select(run => run.Id));
        Assert.Equal(CallbackRenewal.Skipped, await callbacks.SendAgainAsync("b", default));
    }

    [Fact]
    public async Task Of_several_servers_one_gets_a_callback_until_it_has_noted_what_came_of_it()
    {
        var (runs, callbacks) = Open();
        for (var run = 0; run < 10; run++)
        {
            await EndedAsync(runs, $"run-{run}");
        }

        var turns = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Open().Callbacks.TakeAsync(s_lease, default)));
        Assert.Equal(10, turns.Select(turn => turn.Id).OfType<string>().Distinct().Count());
        Assert.Equal(10, turns.Count(turn => turn.Id is null));
        Assert.True(await callbacks.NoteAsync("run-0", 1, s_delivered, default));
        Assert.False(await callbacks.NoteAsync("run-0", 1, s_failed, default)); // as after a lost reply
        var delivery = (await runs.FindAsync("run-0", default))!.Callback;
        Assert.Equal(new CallbackDelivery(CallbackState.Delivered, 1, new CallbackAnswer(200, null), null), delivery);
    }

    [Fact]
    public async Task When_a_lease_is_over_another_server_sends_the_callback_and_the_first_one_cannot_note_any_more()
    {
        var (runs, callbacks) = Open();
        await EndedAsync(runs, "run");
        Assert.Equal(new CallbackTurn("run", 1, null), await callbacks.TakeAsync(TimeSpan.FromMilliseconds(1), default));
        var second = await TakenAsync(callbacks);
        Assert.Equal(new CallbackTurn("run", 2, null), second);
        Assert.False(await callbacks.NoteAsync("run", 1, s_delivered, default));
        Assert.True(await callbacks.NoteAsync("run", 2, s_failed with { Delay = TimeSpan.FromMilliseconds(1) }, default));
        var waiting = (await runs.FindAsync("run", default))!.Callback!;
        Assert.Equal((CallbackState.Pending, 2, s_failed.Answer), (waiting.State, waiting.Attempts, waiting.Last));
        Assert.NotNull(waiting.Next);
        Assert.Equal(3, (await TakenAsync(callbacks)).Attempt);
    }

    [Fact]
    public async Task A_dead_callback_is_listed_and_sent_again_as_a_new_one_is_and_a_waiting_one_at_once()
    {
        var (runs, callbacks) = Open();
        Assert.Equal(CallbackRenewal.Unknown, await callbacks.SendAgainAsync("run", default));
        await runs.AcceptAsync("run", s_call, default, default);
        Assert.Equal(CallbackRenewal.Early, await callbacks.SendAgainAsync("run", default));
        await runs.TakeAsync(s_seat, default);
        await runs.EndAsync(s_seat, "run", KeptExample.Ended, default);
        await runs.AcceptAsync("waiting", KeptExample.Call(), default, default);
        Assert.Equal(CallbackRenewal.None, await callbacks.SendAgainAsync("waiting", default));
        await runs.KeepAsync("without", KeptExample.Call(), default, "here", KeptExample.Ended, default);
        Assert.Equal(CallbackRenewal.None, await callbacks.SendAgainAsync("without", default));

        await callbacks.TakeAsync(s_lease, default);
        Assert.Equal(CallbackRenewal.Due, await callbacks.SendAgainAsync("run", default)); // it is being sent
        Assert.Null((await callbacks.TakeAsync(s_lease, default)).Id);
        await callbacks.NoteAsync("run", 1, s_failed, default);
        Assert.Null((await callbacks.TakeAsync(s_lease, default)).Id);
        Assert.Equal(CallbackRenewal.Due, await callbacks.SendAgainAsync("run", default));
        Assert.Equal(new CallbackTurn("run", 2, null), await callbacks.TakeAsync(s_lease, default));

        await callbacks.NoteAsync("run", 2, s_failed with { State = CallbackState.Dead }, default);
        var dead = new RunFilter { Callbacks = [CallbackState.Dead] };
        Assert.Equal(["run"], (await runs.PageAsync(dead, 10, null, default)).Runs.Select(run => run.Id));
        Assert.Equal(default, await callbacks.TakeAsync(s_lease, default));
        for (var twice = 0; twice < 2; twice++)
        {
            Assert.Equal(CallbackRenewal.Due, await callbacks.SendAgainAsync("run", default)); // as after a lost reply
        }

        Assert.Empty((await runs.PageAsync(dead, 10, null, default)).Runs);
        var again = (await runs.LookAsync("run", default))!.Callback!;
        Assert.Equal((CallbackState.Pending, 0, s_failed.Answer), (again.State, again.Attempts, again.Last));
        Assert.Equal(new CallbackTurn("run", 1, null), await callbacks.TakeAsync(s_lease, default));
    }

    [Fact]
    public async Task A_callback_goes_with_its_record()
    {
        var (runs, callbacks) = Open(KeptExample.Options with { Count = 1 });
        await EndedAsync(runs, "old");
        Assert.Equal("old", (await callbacks.TakeAsync(TimeSpan.FromMilliseconds(1), default)).Id);
        await EndedAsync(runs, "new");
        Assert.Equal("new", (await TakenAsync(callbacks)).Id);
        Assert.False(await callbacks.NoteAsync("old", 1, s_failed, default));
        Assert.Null(await runs.FindAsync("old", default));
        Assert.Equal(1, await store.Connection.CallAsync(database => database.SortedSetLengthAsync($"{_keys.Kept}callbacks"), default));
    }

    [Fact]
    public async Task A_text_that_reads_like_the_member_asks_for_no_callback()
    {
        var (runs, callbacks) = Open();
        await EndedAsync(runs, "run", "ok", KeptExample.Call() with { Key = "\",\"callback\":{\"on\":\"ok\"}", Alias = "\"callback\":" });
        Assert.Equal(default, await callbacks.TakeAsync(s_lease, default));
    }

    [Fact]
    public async Task A_server_that_has_lost_the_store_gets_nothing_to_send()
    {
        await using var connection = RedisConnection.To("the store of a test", () => store.Socket, TimeSpan.FromSeconds(5));
        connection.Fence = new StoreFence(_keys.Epoch, "7");
        var lost = new RedisCallbacks(connection, _keys);
        await Assert.ThrowsAsync<StoreException>(() => lost.TakeAsync(s_lease, default));
        await Assert.ThrowsAsync<StoreException>(() => lost.NoteAsync("run", 1, s_delivered, default));
        await Assert.ThrowsAsync<StoreException>(() => lost.SendAgainAsync("run", default));
    }

    private (RedisKeptRuns Runs, RedisCallbacks Callbacks) Open(KeptRunsOptions? options = null) =>
        (new RedisKeptRuns(store.Connection, _keys, options ?? KeptExample.Options), new RedisCallbacks(store.Connection, _keys));

    private static async Task EndedAsync(RedisKeptRuns runs, string id, string reason = "ok", KeptCall? call = null)
    {
        await runs.AcceptAsync(id, call ?? s_call, default, default);
        Assert.Equal(id, (await runs.TakeAsync(s_seat, default)).Run?.Id);
        await runs.EndAsync(s_seat, id, KeptOutcome.Of(new KeptEnd { Reason = reason }), default);
    }

    // Once one is due.
    private static async Task<CallbackTurn> TakenAsync(RedisCallbacks callbacks)
    {
        CallbackTurn turn = default;
        await Eventually.HoldsAsync(
            async () => (turn = await callbacks.TakeAsync(s_lease, default)).Id is not null,
            TimeSpan.FromSeconds(30),
            () => "None is due.");
        return turn;
    }
}
