using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Actors.Storage;
using Faas.Actors.Telemetry;
using Faas.Actors.Tests.Storage.Redis;
using Faas.Actors.Tests.Telemetry;
using Xunit;

namespace Faas.Actors.Tests.Storage;

/// <summary>What is counted of kept runs, on a store in memory.</summary>
public sealed class MeasuredKeptRunsTests : IDisposable
{
    private static readonly KeptSeat s_seat = new("here", "now", 0);
    private static readonly KeptCall s_call = KeptExample.Call() with { Asynchronous = true };
    private readonly Measured _measured = new();
    private readonly KeptRunsInMemory _inner = new();
    private readonly MeasuredKeptRuns _runs;

    public MeasuredKeptRunsTests() => _runs = new MeasuredKeptRuns(_inner, new KeptMeters(_measured));

    public void Dispose() => _measured.Dispose();

    [Fact]
    public async Task A_run_counts_when_it_is_accepted_and_ends_and_while_a_seat_has_it()
    {
        await AcceptAsync("call~k1");
        Assert.Equal(0, Running());
        await _runs.TakeAsync(s_seat, default);
        await _runs.TakeAsync(s_seat, default); // the reply was lost
        Assert.Equal(1, Running());
        await _runs.ReturnAsync(s_seat, "call~k1", default);
        Assert.Equal((0, 1), (Running(), Sum("faas.kept.returns")));
        await _runs.TakeAsync(s_seat, default);
        Assert.True(await _runs.EndAsync(s_seat, "call~k1", KeptExample.Ended, default));
        Assert.False(await _runs.EndAsync(s_seat, "call~k1", KeptExample.Ended, default));
        Assert.Equal((0, 1, 1, 0), (Running(), Sum("faas.kept.accepted"), Sum("faas.kept.ended"), Sum("faas.kept.dead_letters")));
    }

    [Theory]
    [InlineData("timeout", 1)]
    [InlineData("not_found", 1)]
    [InlineData("cancelled", 0)]
    public async Task A_run_that_fails_counts_by_its_reason_and_is_a_dead_letter_unless_it_was_cancelled(string reason, int dead)
    {
        await AcceptAsync("call~k1");
        await _runs.TakeAsync(s_seat, default);
        await _runs.EndAsync(s_seat, "call~k1", KeptOutcome.Of(new KeptEnd { Reason = reason }), default);
        Assert.Equal((1, dead), (Sum($"faas.kept.ended{{error.type={reason}}}"), Sum("faas.kept.dead_letters")));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_while_it_waits_counts_as_one_that_has_ended()
    {
        await AcceptAsync("call~k1");
        await _runs.CancelAsync("call~k1", default);
        await _runs.CancelAsync("call~k1", default);
        Assert.Equal(1, Sum("faas.kept.ended{error.type=cancelled}"));
    }

    [Theory]
    [InlineData(KeptAcceptance.QueueFull, "queue_full")]
    [InlineData(KeptAcceptance.PathFull, "path_full")]
    [InlineData(KeptAcceptance.StoreFull, "store_full")]
    public async Task A_run_that_is_not_accepted_counts_by_the_cause(KeptAcceptance acceptance, string cause)
    {
        _inner.Acceptance = acceptance;
        await AcceptAsync("call~k1");
        await _runs.ClaimAsync("call~k2", new KeptOnce("name", "print"), s_call, default, s_seat, default);
        await _runs.RedriveAsync("call~k1", "call~k3", s_call, default, default);
        Assert.Equal((3, 0, 0), (Sum($"faas.kept.refusals{{faas.reason={cause}}}"), Sum("faas.kept.accepted"), Running()));
    }

    [Fact]
    public async Task Calls_of_one_name_and_redrives_of_one_run_count_as_the_one_run_that_they_have()
    {
        for (var call = 1; call <= 2; call++)
        {
            await _runs.ClaimAsync($"call~k{call}", new KeptOnce("name", "print"), s_call, default, s_seat with { Number = call }, default);
        }

        Assert.Equal((1, 1), (Sum("faas.kept.accepted"), Running()));
        await _runs.WithdrawAsync(s_seat with { Number = 1 }, "call~k1", default);
        Assert.Equal(0, Running());

        await AcceptAsync("call~k3");
        await _runs.CancelAsync("call~k3", default);
        await _runs.RedriveAsync("call~k3", "call~k4", s_call, default, default);
        await _runs.RedriveAsync("call~k3", "call~k5", s_call, default, default);
        Assert.Equal(3, Sum("faas.kept.accepted"));
    }

    [Fact]
    public async Task An_end_that_the_store_does_not_take_counts_apart()
    {
        await AcceptAsync("call~k1");
        await _runs.TakeAsync(s_seat, default);
        _inner.Failure = new StoreException("It is away.");
        await Assert.ThrowsAsync<StoreException>(() => _runs.EndAsync(s_seat, "call~k1", KeptExample.Ended, default));
        await Assert.ThrowsAsync<StoreException>(() => _runs.KeepAsync("call~k2", s_call, default, "here", KeptExample.Ended, default));
        Assert.Equal((2, 0, 1), (Sum("faas.kept.write.failures"), Sum("faas.kept.ended"), Running()));
        _inner.Failure = null;
        await _runs.KeepAsync("call~k2", s_call, default, "here", KeptExample.Ended, default);
        Assert.Equal(1, Sum("faas.kept.ended"));
    }

    private Task<KeptAcceptance> AcceptAsync(string id) => _runs.AcceptAsync(id, s_call, "{}"u8.ToArray(), default);

    private int Running()
    {
        _measured.Collect();
        return (int)_measured["faas.kept.running"][^1];
    }

    private int Sum(string series) => (int)_measured[series].Sum();
}
