using CsCheck;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Storage.Redis;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

/// <summary>Every sequence of changes of kept runs in a real Redis gives the same as <see cref="KeptRunsOnPaper"/>.</summary>
public sealed class KeptRunsModelTests(EmbeddedStore store) : IClassFixture<EmbeddedStore>
{
    private const int Seats = 3;
    private static readonly KeptSeat[] s_seats = [.. Enumerable.Range(0, Seats).Select(number => new KeptSeat("here", "now", number))];

    private static readonly Gen<Step> s_step = Gen.Frequency<Step>(
        (5, Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2].Select(level => 1 + (4 * level)), Gen.Int[0, 9]).Select(
            (path, priority, chance) => (Step)new Accept($"path/{path}", priority, IsLate: chance == 0))),
        (4, Gen.Int[0, Seats - 1].Select(seat => (Step)new Take(seat))),
        (3, Gen.Int[0, Seats - 1].Select(seat => (Step)new End(seat))),
        (2, Gen.Select(Gen.Int[0, Seats - 1], Gen.Int[0, 2]).Select((seat, path) => (Step)new HandOver(seat, $"path/{path}"))),
        (1, Gen.Int[0, Seats - 1].Select(seat => (Step)new Return(seat))),
        (2, Gen.Select(Gen.Int[0, Seats - 1], Gen.Int[0, 3]).Select((seat, chance) => (Step)new Retry(seat, IsLate: chance == 0))),
        (2, Gen.Int[0, 30].Select(which => (Step)new Cancel(which))));

    [Fact]
    public Task The_queue_and_the_records_are_those_of_a_plain_list() => s_step.Array[1, 60].SampleAsync(RunAsync, iter: 30, threads: 1);

    private async Task RunAsync(Step[] steps)
    {
        var options = KeptExample.Options with { Queue = 8, QueuePerPath = 5, Count = 6 };
        var runs = new RedisKeptRuns(store.Connection, new StoreKeys($"model-{Guid.NewGuid():N}:"), options);
        var paper = new KeptRunsOnPaper(options);
        foreach (var step in steps)
        {
            switch (step)
            {
                case Accept(var path, var priority, var isLate):
                    var id = KeptIds.Next("call");
                    var call = KeptExample.Call(path, priority) with { NotBefore = isLate ? DateTimeOffset.UtcNow.AddDays(9) : null };
                    Assert.Equal(paper.Accept(id, path, priority, isLate), await runs.AcceptAsync(id, call, "{}"u8.ToArray(), default));
                    break;
                case Take(var seat):
                    Assert.Equal(paper.Take(seat), (await runs.TakeAsync(s_seats[seat], default)).Run?.Id);
                    break;
                case End(var seat) when paper.Seated(seat) is { } seated:
                    Assert.True(await runs.EndAsync(s_seats[seat], seated, KeptExample.Ended, default));
                    Assert.False(await runs.EndAsync(s_seats[seat], seated, KeptExample.Ended, default)); // as after a lost reply
                    paper.End(seat);
                    break;
                case HandOver(var seat, var path) when paper.Seated(seat) is { } seated:
                    var next = KeptExample.Next(KeptIds.Next("next"), path);
                    var handed = KeptExample.Ended with { Next = next };
                    Assert.True(await runs.EndAsync(s_seats[seat], seated, handed, default));
                    Assert.False(await runs.EndAsync(s_seats[seat], seated, handed, default));
                    var refused = paper.HandOver(seat, next.Id, path);
                    if (await runs.LookAsync(seated, default) is { } ended)
                    {
                        Assert.Equal(refused is "" ? next.Id : null, ended.Next);
                        Assert.Equal(refused is "" ? null : refused, ended.NextRefused);
                    }

                    break;
                case Return(var seat) when paper.Seated(seat) is { } seated:
                    await runs.ReturnAsync(s_seats[seat], seated, default);
                    await runs.ReturnAsync(s_seats[seat], seated, default);
                    paper.Return(seat);
                    break;
                case Retry(var seat, var isLate) when paper.Seated(seat) is { } seated:
                    var run = (await runs.LookAsync(seated, default))!;
                    var delay = isLate ? TimeSpan.FromDays(9) : TimeSpan.Zero;
                    Assert.Equal(paper.Retry(seat, isLate), await runs.RetryAsync(s_seats[seat], run, KeptExample.Failed, delay, default));
                    var again = await runs.RetryAsync(s_seats[seat], run, KeptExample.Failed, delay, default); // as after a lost reply
                    Assert.Equal(KeptRetry.NotOwn, again);
                    await LaterAsync();
                    break;
                case Cancel(var which) when paper.All.Count > 0:
                    var named = paper.All[which % paper.All.Count];
                    Assert.Equal(paper.Cancel(named), await runs.CancelAsync(named, default));
                    break;
            }

            await SameAsync(paper, runs);
        }
    }

    // Runs that fall due within one millisecond have no order.
    private async Task LaterAsync()
    {
        var then = await NowAsync();
        while (await NowAsync() == then)
        {
            // The clock of the store goes on.
        }

        Task<string> NowAsync() => store.Connection.CallAsync(
            async database => $"{await database.ScriptEvaluateAsync("local t = redis.call('TIME') return t[1] * 1000 + math.floor(t[2] / 1000)")}",
            default);
    }

    private static async Task SameAsync(KeptRunsOnPaper paper, RedisKeptRuns runs)
    {
        var (page, next) = await runs.PageAsync(RunFilter.All, 1000, null, default);
        Assert.Null(next);
        Assert.Equal(paper.Records(), page.Select(run => (run.Id, run.Stage, run.Attempt)));
        var running = await runs.RunningAsync(default);
        Assert.Equal(paper.Running(), running.Select(run => (run.Seat.Number, run.Id)).Order());
    }

    private abstract record Step;

    private sealed record Accept(string Path, int Priority, bool IsLate) : Step;

    private sealed record Take(int Seat) : Step;

    private sealed record End(int Seat) : Step;

    private sealed record HandOver(int Seat, string Path) : Step;

    private sealed record Return(int Seat) : Step;

    private sealed record Retry(int Seat, bool IsLate) : Step;

    private sealed record Cancel(int Which) : Step;
}
