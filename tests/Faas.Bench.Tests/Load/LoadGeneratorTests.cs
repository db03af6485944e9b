using System.Diagnostics;
using Faas.Bench.Load;
using Xunit;

namespace Faas.Bench.Tests.Load;

public sealed class LoadGeneratorTests
{
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(60);

    [Fact]
    public void In_an_open_loop_a_call_behind_a_slow_one_counts_its_wait()
    {
        using var caller = Scripted(call => { if (call == 1) { Spin(); } });
        var slice = LoadGenerator.Open([caller], new ArrivalSchedule(1000, TimeSpan.FromMilliseconds(10)));
        Assert.Equal(10, slice.Latency.Count);
        // The last was due after 9 ms and could not begin before 60.
        Assert.True(slice.Latency.Percentile(0.1) >= TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void In_an_open_loop_no_call_begins_before_it_is_due()
    {
        using var caller = Scripted(_ => { });
        var slice = LoadGenerator.Open([caller], new ArrivalSchedule(200, TimeSpan.FromMilliseconds(50)));
        Assert.True(slice.Elapsed >= TimeSpan.FromMilliseconds(45), $"{slice.Elapsed}");
    }

    [Fact]
    public void In_a_closed_loop_every_caller_calls_at_least_once()
    {
        var (ones, others) = (0, 0);
        using var one = Scripted(calls => ones = calls);
        using var other = Scripted(calls => others = calls);
        var slice = LoadGenerator.Closed([one, other], TimeSpan.Zero);
        Assert.Equal((2, 1, 1), (slice.Latency.Count, ones, others));
    }

    [Fact]
    public void A_failed_call_is_an_error_and_no_latency()
    {
        using var caller = Scripted(call => throw (call == 1 ? new CallFailedException("first") : new IOException("later")));
        var slice = LoadGenerator.Open([caller], new ArrivalSchedule(1000, TimeSpan.FromMilliseconds(3)));
        Assert.Equal((0, 3, "first"), (slice.Latency.Count, slice.Errors, slice.FirstError));
    }

    private static void Spin()
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < s_slow)
        {
            Thread.Yield();
        }
    }

    private static Caller Scripted(Action<int> call)
    {
        var calls = 0;
        return new Caller(() => call(++calls));
    }
}
