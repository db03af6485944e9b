using System.Text;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

/// <summary>Batches in a real Redis: what <see cref="BatchModelTests"/> does not try.</summary>
public sealed class RedisBatchesTests(EmbeddedStore store) : IClassFixture<EmbeddedStore>
{
    private const string Id = "call~b0123456789abcdef";
    private static readonly KeptSeat s_seat = new("here", "now", 0);
    private readonly StoreKeys _keys = new($"batch-{Guid.NewGuid():N}:");

    [Fact]
    public async Task A_batch_and_its_runs_have_all_that_was_written_of_them()
    {
        var (runs, batches) = Open();
        var call = KeptExample.Call() with { Alias = "stable", Key = "ci", Caller = "key ci", Asynchronous = true };
        await AcceptAsync(batches, Id, call, "1", "[2,3]");
        var batch = (await batches.FindAsync(Id, default))!;
        Assert.Equal((call with { InputBytes = 6 }, 2, RunStage.Queued), (batch.Call, batch.Count, batch.Stage));
        Assert.Null(batch.StartedAt);

        var taken = (await runs.TakeAsync(s_seat, default)).Run!;
        Assert.Equal((BatchIds.RunOf(Id, 0), call with { Batch = Id, Index = 0, InputBytes = 1 }), (taken.Id, taken.Call));
        Assert.NotNull((await batches.FindAsync(Id, default))!.StartedAt);
        var good = new KeptOutcome(new KeptEnd { Reason = "ok" }, "\"größer\""u8.ToArray(), KeptRest.None);
        await runs.EndAsync(s_seat, taken.Id, good, default);
        var second = (await runs.TakeAsync(s_seat, default)).Run!;
        Assert.Equal((BatchIds.RunOf(Id, 1), "[2,3]", 1), (second.Id, Encoding.UTF8.GetString(second.Input.Span), second.Call.Index));
        await runs.EndAsync(s_seat, second.Id, KeptOutcome.Of(new KeptEnd { Reason = "error", Detail = "no" }), default);

        batch = (await batches.FindAsync(Id, default))!;
        Assert.Equal((RunStage.Ended, 0, 0, 2), (batch.Stage, batch.Queued, batch.Running, batch.Ended));
        Assert.InRange(batch.EndedAt!.Value - batch.StartedAt!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        var results = await batches.RunsAsync(Id, 0, 2, default);
        Assert.Equal(["\"größer\"", ""], results.Select(run => Encoding.UTF8.GetString(run.Run!.Result.Span)));
        Assert.Equal(1, (await runs.FindAsync(second.Id, default))!.Call.Index);
    }

    [Fact]
    public async Task All_runs_are_accepted_or_none()
    {
        var options = KeptExample.Options with { Queue = 5, QueuePerPath = 4, StoreBytes = 64 << 10 };
        var (runs, batches) = Open(options);
        await AcceptAsync(batches, Id, KeptExample.Call("a"), "1", "2");
        Assert.Equal(KeptAcceptance.PathFull, await TryAsync(batches, KeptExample.Call("a"), "1", "2", "3"));
        Assert.Equal(KeptAcceptance.QueueFull, await TryAsync(batches, KeptExample.Call("b"), "1", "2", "3", "4"));
        Assert.Equal(KeptAcceptance.StoreFull, await TryAsync(batches, KeptExample.Call("b"), "1", $"\"{new string('x', 64 << 10)}\""));
        Assert.Equal(2, (await runs.PageAsync(RunFilter.All, 100, null, default)).Runs.Count);
        Assert.Single((await batches.PageAsync(new BatchFilter(), 100, null, default)).Batches);
        Assert.Equal(KeptAcceptance.Accepted, await TryAsync(batches, KeptExample.Call("b"), "1", "2", "3"));
        Assert.Equal(KeptAcceptance.QueueFull, await runs.AcceptAsync("one", KeptExample.Call("b"), "{}"u8.ToArray(), default));
    }

    [Fact]
    public async Task A_batch_of_more_runs_than_go_into_an_index_at_once_is_whole_and_in_order()
    {
        var options = KeptExample.Options with { Queue = 5000, QueuePerPath = 5000 };
        var (runs, batches) = Open(options);
        var inputs = Enumerable.Range(0, 1700).Select(number => $"{number}").ToArray();
        await AcceptAsync(batches, Id, KeptExample.Call(), inputs);
        var all = await batches.RunsAsync(Id, 0, 1700, default);
        Assert.Equal(Enumerable.Range(0, 1700), all.Select(run => run.Run!.Call.Index!.Value));
        Assert.Equal(Enumerable.Range(0, 1700), all.Select(run => (int)(run.Run!.Number - all[0].Run!.Number)));
        foreach (var index in (int[])[0, 1, 2])
        {
            var taken = (await runs.TakeAsync(s_seat, default)).Run!;
            Assert.Equal($"{index}", Encoding.UTF8.GetString(taken.Input.Span));
            await runs.EndAsync(s_seat, taken.Id, KeptExample.Ended, default);
        }

        Assert.Equal(1697, (await batches.FindAsync(Id, default))!.Queued);
    }

    [Fact]
    public async Task A_call_that_is_sent_again_has_the_batch_of_the_first_one()
    {
        var (_, batches) = Open();
        var once = new KeptOnce("name", "print");
        IReadOnlyList<ReadOnlyMemory<byte>> inputs = [new byte[] { (byte)'1' }];
        Assert.Equal(Id, (await batches.AcceptAsync(Id, once, KeptExample.Call(), inputs, default)).Id);
        const string other = "call~b1111111111111111";
        Assert.Equal(
            new KeptClaim(KeptAcceptance.Accepted, Id, IsSame: true),
            await batches.AcceptAsync(other, once, KeptExample.Call(), inputs, default));
        Assert.False((await batches.AcceptAsync(other, once with { Print = "b" }, KeptExample.Call(), inputs, default)).IsSame);
        Assert.Null(await batches.FindAsync(other, default));
    }

    [Fact]
    public async Task A_batch_outlives_its_runs_until_its_own_time_is_over_and_frees_its_name()
    {
        var options = KeptExample.Options with { Count = 1 };
        var (runs, batches) = Open(options);
        var once = new KeptOnce("name", "print");
        await batches.AcceptAsync(Id, once, KeptExample.Call(), [new byte[] { (byte)'1' }, new byte[] { (byte)'2' }], default);
        await EndAllAsync(runs);
        Assert.Equal([true, false], (await batches.RunsAsync(Id, 0, 2, default)).Select(run => run.Run is null));
        var reading = (await batches.ReadAsync(Id, 0, default))!;
        Assert.Equal([(1, "ok", true), (2, "ok", false)], reading.Ends.Select(end => ((int)end.Number, end.Reason, end.Run.Run is null)));

        await Open(options with { MaxAge = TimeSpan.FromHours(1) }).Runs.CleanAsync(default);
        Assert.NotNull(await batches.FindAsync(Id, default));
        await Open(options with { MaxAge = TimeSpan.Zero }).Runs.CleanAsync(default);
        Assert.Null(await batches.ReadAsync(Id, 0, default));
        const string other = "call~b1111111111111111";
        Assert.Equal(other, (await batches.AcceptAsync(other, once, KeptExample.Call(), [new byte[] { (byte)'1' }], default)).Id);
    }

    [Fact]
    public async Task Batches_count_against_the_bytes_of_the_store_and_go_behind_their_runs()
    {
        var (runs, batches) = Open(KeptExample.Options with { StoreBytes = 6000 });
        var ids = Enumerable.Range(0, 9).Select(number => $"call~b000000000000000{number}").ToList();
        foreach (var id in ids)
        {
            await AcceptAsync(batches, id, KeptExample.Call(), "1");
            await EndAllAsync(runs);
        }

        var kept = (await batches.PageAsync(new BatchFilter(), 100, null, default)).Batches.Select(batch => batch.Id).ToList();
        Assert.InRange(kept.Count, 2, 8);
        Assert.Equal(ids.AsEnumerable().Reverse().Take(kept.Count), kept);
        var bytes = (long)await store.Connection.CallAsync(database => database.StringGetAsync($"{_keys.Kept}bytes"), default);
        Assert.InRange(bytes, 1, 6000);
        Assert.NotNull((await batches.RunsAsync(kept[0], 0, 1, default))[0].Run);
    }

    [Fact]
    public async Task Batches_are_listed_in_pages_by_script_and_state_the_newest_first()
    {
        var (runs, batches) = Open();
        var ids = Enumerable.Range(0, 5).Select(number => $"call~b000000000000000{number}").ToList();
        foreach (var (number, id) in ids.Index())
        {
            await AcceptAsync(batches, id, KeptExample.Call(number % 2 == 0 ? "even/a" : "odd"), "1");
        }

        var (first, next) = await batches.PageAsync(new BatchFilter(), 3, null, default);
        var (second, last) = await batches.PageAsync(new BatchFilter(), 3, next, default);
        Assert.Null(last);
        Assert.Equal(ids.AsEnumerable().Reverse(), first.Concat(second).Select(batch => batch.Id));
        Assert.Equal([ids[4], ids[2], ids[0]], await IdsAsync(new BatchFilter { Path = "even" }));
        Assert.Equal([ids[3], ids[1]], await IdsAsync(new BatchFilter { Roots = ["odd"] }));
        await runs.TakeAsync(s_seat, default);
        Assert.Equal([ids[0]], await IdsAsync(new BatchFilter { Stages = [RunStage.Running, RunStage.Ended] }));

        async Task<IEnumerable<string>> IdsAsync(BatchFilter filter) =>
            (await batches.PageAsync(filter, 100, null, default)).Batches.Select(batch => batch.Id);
    }

    [Fact]
    public async Task A_server_that_has_lost_the_store_accepts_nothing()
    {
        await using var connection = RedisConnection.To("the store of a test", () => store.Socket, TimeSpan.FromSeconds(5));
        connection.Fence = new StoreFence(_keys.Epoch, "7");
        var lost = new RedisBatches(connection, _keys, KeptExample.Options);
        var refused = await Assert.ThrowsAsync<StoreException>(() => AcceptAsync(lost, Id, KeptExample.Call(), "1"));
        Assert.Contains("NOTOWNER", refused.Message, StringComparison.Ordinal);
    }

    private static async Task EndAllAsync(RedisKeptRuns runs)
    {
        while ((await runs.TakeAsync(s_seat, default)).Run is { } taken)
        {
            await runs.EndAsync(s_seat, taken.Id, KeptExample.Ended, default);
        }
    }

    private static async Task AcceptAsync(RedisBatches batches, string id, KeptCall call, params string[] inputs)
    {
        var claim = await batches.AcceptAsync(id, once: null, call, Bytes(inputs), default);
        Assert.Equal(new KeptClaim(KeptAcceptance.Accepted, id, IsSame: true), claim);
    }

    private static async Task<KeptAcceptance> TryAsync(RedisBatches batches, KeptCall call, params string[] inputs) =>
        (await batches.AcceptAsync(BatchIds.Next("call"), once: null, call, Bytes(inputs), default)).Acceptance;

    private static List<ReadOnlyMemory<byte>> Bytes(string[] inputs) =>
        [.. inputs.Select(input => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(input))];

    private (RedisKeptRuns Runs, RedisBatches Batches) Open(KeptRunsOptions? options = null) => (
        new RedisKeptRuns(store.Connection, _keys, options ?? KeptExample.Options),
        new RedisBatches(store.Connection, _keys, options ?? KeptExample.Options));
}
