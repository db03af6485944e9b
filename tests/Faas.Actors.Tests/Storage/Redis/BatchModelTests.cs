using CsCheck;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

/// <summary>
/// After every sequence of changes of runs in a real Redis, each of them perhaps done twice as after a lost reply, the counts of each batch
/// are those of its runs, and its ends are told in their order.
/// </summary>
public sealed class BatchModelTests(EmbeddedStore store) : IClassFixture<EmbeddedStore>
{
    private const int Seats = 3;
    private static readonly string[] s_reasons = ["ok", "error", "timeout"];
    private static readonly KeptSeat[] s_seats = [.. Enumerable.Range(0, Seats).Select(number => new KeptSeat("here", "now", number))];

    private static readonly Gen<Step> s_step = Gen.Frequency<Step>(
        (3, Gen.Select(Gen.Int[0, 1], Gen.Int[1, 6], Gen.Int[0, 5]).Select(
            (path, runs, chance) => (Step)new Accept($"path/{path}", runs, IsLate: chance == 0))),
        (1, Gen.Int[0, 1].Select(path => (Step)new Accept($"path/{path}", 0, IsLate: false))),
        (7, Gen.Int[0, Seats - 1].Select(seat => (Step)new Take(seat))),
        (6, Gen.Select(Gen.Int[0, Seats - 1], Gen.Int[0, 2]).Select((seat, reason) => (Step)new End(seat, s_reasons[reason]))),
        (2, Gen.Int[0, Seats - 1].Select(seat => (Step)new Return(seat))),
        (3, Gen.Int[0, 60].Select(which => (Step)new Cancel(which))));

    [Fact]
    public Task The_counts_of_a_batch_are_those_of_its_runs() => s_step.Array[1, 60].SampleAsync(RunAsync, iter: 20, threads: 1);

    private async Task RunAsync(Step[] steps)
    {
        var options = KeptExample.Options with { Queue = 12, QueuePerPath = 9 };
        var keys = new StoreKeys($"batches-{Guid.NewGuid():N}:");
        var runs = new RedisKeptRuns(store.Connection, keys, options);
        var batches = new RedisBatches(store.Connection, keys, options);
        var paper = new KeptRunsOnPaper(options);
        var (known, reasons) = (new List<(string Id, int Count)>(), new Dictionary<string, string>());
        foreach (var step in steps)
        {
            switch (step)
            {
                case Accept(var path, 0, _):
                    var single = KeptIds.Next("call");
                    Assert.Equal(
                        paper.Accept(single, path, KeptCall.UsualPriority, isLate: false),
                        await runs.AcceptAsync(single, KeptExample.Call(path), "{}"u8.ToArray(), default));
                    break;
                case Accept(var path, var count, var isLate):
                    var id = BatchIds.Next("call");
                    var ids = Enumerable.Range(0, count).Select(index => BatchIds.RunOf(id, index)).ToList();
                    var expected = paper.AcceptAll(ids, path, KeptCall.UsualPriority, isLate);
                    Assert.Equal(expected, await AcceptAsync(batches, id, path, count, isLate));
                    if (expected == KeptAcceptance.Accepted)
                    {
                        Assert.Equal(expected, await AcceptAsync(batches, id, path, count, isLate)); // as after a lost reply
                        known.Add((id, count));
                    }

                    break;
                case Take(var seat):
                    var taken = paper.Take(seat);
                    Assert.Equal(taken, (await runs.TakeAsync(s_seats[seat], default)).Run?.Id);
                    Assert.Equal(taken, (await runs.TakeAsync(s_seats[seat], default)).Run?.Id); // as after a lost reply
                    break;
                case End(var seat, var reason) when paper.Seated(seat) is { } seated:
                    var outcome = KeptOutcome.Of(new KeptEnd { Reason = reason, Detail = "\"reason\":\"another\"" });
                    Assert.True(await runs.EndAsync(s_seats[seat], seated, outcome, default));
                    Assert.False(await runs.EndAsync(s_seats[seat], seated, outcome, default));
                    reasons[seated] = reason;
                    paper.End(seat);
                    break;
                case Return(var seat) when paper.Seated(seat) is { } seated:
                    await runs.ReturnAsync(s_seats[seat], seated, default);
                    await runs.ReturnAsync(s_seats[seat], seated, default);
                    paper.Return(seat);
                    break;
                case Cancel(var which) when paper.All.Count > 0:
                    var named = paper.All[which % paper.All.Count];
                    Assert.Equal(paper.Cancel(named), await runs.CancelAsync(named, default));
                    await runs.CancelAsync(named, default);
                    break;
            }

            foreach (var (id, count) in known)
            {
                await SameAsync(paper, batches, id, count, reasons);
            }
        }

        await AssertNoBytesAreLostAsync(runs, batches, keys, known, paper);
    }

    private static async Task<KeptAcceptance> AcceptAsync(RedisBatches batches, string id, string path, int count, bool isLate)
    {
        var call = KeptExample.Call(path) with { NotBefore = isLate ? DateTimeOffset.UtcNow.AddDays(9) : null };
        var inputs = Enumerable.Range(0, count).Select(index => (ReadOnlyMemory<byte>)new[] { (byte)('0' + index) }).ToList();
        var claim = await batches.AcceptAsync(id, once: null, call, inputs, default);
        Assert.Equal(id, claim.Id);
        return claim.Acceptance;
    }

    private static async Task SameAsync(
        KeptRunsOnPaper paper, RedisBatches batches, string id, int count, Dictionary<string, string> reasons)
    {
        var ids = Enumerable.Range(0, count).Select(index => BatchIds.RunOf(id, index)).ToList();
        var stages = ids.Select(paper.StageOf).ToList();
        var ends = paper.Ends.Where(ids.Contains).Select(run => (run, reasons.GetValueOrDefault(run, "cancelled"))).ToList();
        var batch = (await batches.FindAsync(id, default))!;
        Assert.Equal(
            (stages.Count(one => one == RunStage.Queued), stages.Count(one => one == RunStage.Running), ends.Count),
            (batch.Queued, batch.Running, batch.Ended));
        Assert.Equal(ends.CountBy(end => end.Item2).OrderBy(one => one.Key), batch.Reasons.OrderBy(one => one.Key));
        Assert.Equal(ends.Count == count, batch.EndedAt is not null);
        var reading = (await batches.ReadAsync(id, 0, default))!;
        Assert.Equal(ends, reading.Ends.Select(end => (end.Run.Id, end.Reason)));
        Assert.Equal(Enumerable.Range(1, ends.Count), reading.Ends.Select(end => (int)end.Number));
        Assert.All(reading.Ends, end => Assert.Equal(end.Run.Id, ids[end.Run.Index]));
        Assert.Equal(stages, (await batches.RunsAsync(id, 0, count, default)).Select(run => (RunStage?)run.Run!.Stage));
    }

    // When all has ended and is forgotten, nothing is left of it.
    private async Task AssertNoBytesAreLostAsync(
        RedisKeptRuns runs, RedisBatches batches, StoreKeys keys, List<(string Id, int Count)> known, KeptRunsOnPaper paper)
    {
        foreach (var seat in Enumerable.Range(0, Seats).Where(seat => paper.Seated(seat) is not null))
        {
            await runs.EndAsync(s_seats[seat], paper.Seated(seat)!, KeptExample.Ended, default);
        }

        foreach (var id in paper.All)
        {
            await runs.CancelAsync(id, default);
        }

        Assert.Equal("0", await TextAsync($"{keys.Kept}open"));
        await new RedisKeptRuns(store.Connection, keys, KeptExample.Options with { MaxAge = TimeSpan.Zero }).CleanAsync(default);
        Assert.Equal("0", await TextAsync($"{keys.Kept}bytes"));
        foreach (var (id, _) in known)
        {
            Assert.Null(await batches.FindAsync(id, default));
        }

        Assert.Empty((await batches.PageAsync(new BatchFilter(), 10, null, default)).Batches);
    }

    private async Task<string> TextAsync(string key) =>
        $"{await store.Connection.CallAsync(database => database.StringGetAsync(key), default)}" is { Length: > 0 } text ? text : "0";

    private abstract record Step;

    private sealed record Accept(string Path, int Runs, bool IsLate) : Step;

    private sealed record Take(int Seat) : Step;

    private sealed record End(int Seat, string Reason) : Step;

    private sealed record Return(int Seat) : Step;

    private sealed record Cancel(int Which) : Step;
}
