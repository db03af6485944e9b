using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs.Reply;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>When refused callers are told to come back, and whether that is true.</summary>
public class RetryScheduleTests
{
    private static readonly TimeSpan s_ms = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_now = TimeSpan.FromHours(1);

    [Fact]
    public void Each_is_told_a_time_after_those_who_wait_and_those_who_were_told_before()
    {
        var retries = Paced(s_second);
        for (var before = 0; before < 20; before++)
        {
            // Eight seconds for those who wait, then a call each second; up to half as much again, and a second of rounding.
            var least = 8 + before + 1;
            Assert.InRange(retries.Refused(waiting: 8, s_now).TotalSeconds, least, (1.5 * least) + 1);
        }
    }

    [Fact]
    public void Those_who_are_refused_together_do_not_come_back_together()
    {
        var retries = Paced(10 * s_ms);
        var together = Enumerable.Range(0, 1000)
            .Select(_ => retries.Refused(waiting: 0, s_now))
            .CountBy(told => told)
            .Max(told => told.Value);
        Assert.InRange(together, 1, 110); // a hundred can be served in a second
    }

    [Fact]
    public void The_line_shortens_as_time_passes_and_is_forgotten_at_its_end()
    {
        var retries = Paced(s_second);
        for (var call = 0; call < 80; call++)
        {
            retries.Refused(waiting: 0, s_now);
        }

        Assert.InRange(retries.Refused(waiting: 0, s_now + (50 * s_second)).TotalSeconds, 31, 48);
        Assert.InRange(retries.Refused(waiting: 0, s_now + (500 * s_second)).TotalSeconds, 1, 2);
    }

    [Fact]
    public void Nobody_is_told_less_than_a_second_or_more_than_an_hour()
    {
        Assert.Equal(s_second, Paced(s_ms).Refused(waiting: 1, s_now));
        Assert.Equal(TimeSpan.FromHours(1), Paced(s_second).Refused(waiting: 1_000_000, s_now));
        Assert.Equal(TimeSpan.FromHours(1), Paced(s_second).Drained(waiting: 1_000_000));
    }

    [Fact]
    public void The_pace_has_in_it_what_passes_between_calls()
    {
        // A call takes a millisecond, but a sandbox has to be started for each.
        var retries = Of(running: 4);
        for (var call = 0; call < 20; call++)
        {
            retries.Ended(s_ms, othersWait: true, s_now + (call * s_second));
        }

        Assert.Equal(10, retries.Drained(waiting: 10).TotalSeconds);
    }

    [Fact]
    public void The_time_in_which_nobody_waits_is_not_in_the_pace()
    {
        var retries = Of(running: 1);
        for (var call = 0; call < 20; call++)
        {
            retries.Ended(s_second, othersWait: call % 2 == 0, s_now + (call / 2 * 60 * s_second) + (call % 2 * s_second));
        }

        Assert.Equal(10, retries.Drained(waiting: 10).TotalSeconds);
    }

    [Fact]
    public void Those_whom_a_stop_refuses_are_not_in_the_line()
    {
        var retries = Paced(s_second);
        Assert.Equal(retries.Drained(waiting: 5), retries.Drained(waiting: 5));
        Assert.Equal(1, retries.Refused(waiting: 0, s_now).TotalSeconds);
    }

    [Theory]
    [InlineData(200, 4)]
    [InlineData(20, 3)]
    public void Ten_times_too_many_who_all_come_back_when_told_are_served_then_nine_times_in_ten(int milliseconds, int seconds)
    {
        const int Size = 4;
        const int TimesTooMuch = 10;
        var (service, step) = (milliseconds * s_ms, milliseconds / 20.0 * s_ms);
        var pool = new PoolOnPaper(Size, queue: 16);
        var (asked, due, back) = (new Queue<PaperCall>(), new PriorityQueue<int, TimeSpan>(), new List<PaperCall>());
        var (begin, sent, perSecond) = (pool.Now, 0, TimesTooMuch * Size / service.TotalSeconds);
        do
        {
            pool.Pass(step);
            pool.AllReady();
            var running = pool.Alive.Select(sandbox => sandbox.Call).OfType<PaperCall>();
            foreach (var done in running.Where(call => pool.Now - call.Dispatched >= service).ToList())
            {
                pool.Finish(done);
            }

            for (; sent < perSecond * Math.Min(seconds, (pool.Now - begin).TotalSeconds); sent++)
            {
                asked.Enqueue(pool.Invoke());
            }

            while (due.TryPeek(out _, out var time) && time <= pool.Now)
            {
                due.Dequeue();
                back.Add(pool.Invoke());
            }

            // One that had a place may lose it to another, later: so all that have no answer are looked at again.
            for (var count = asked.Count; count > 0; count--)
            {
                var call = asked.Dequeue();
                if (call.Answer is RunRefused refused)
                {
                    due.Enqueue(0, pool.Now + refused.RetryAfter);
                }
                else if (call.Answer is null)
                {
                    asked.Enqueue(call);
                }
            }
        }
        while (due.Count > 0 || asked.Count > 0 || pool.Now - begin < seconds * s_second);

        Assert.InRange(back.Count, (TimesTooMuch - 2) * Size / service.TotalSeconds * seconds, sent);
        Assert.InRange(back.Count(call => call.Refused is null), back.Count * 0.9, back.Count);
    }

    // What a pool does that ends a call each so often while others wait.
    private static RetrySchedule Paced(TimeSpan pace)
    {
        var retries = Of(running: 4);
        for (var call = 0; call < 20; call++)
        {
            retries.Ended(4 * pace, othersWait: true, call * pace);
        }

        return retries;
    }

    private static RetrySchedule Of(int running) => new(new PoolBounds(new PoolOptions(
        running, running, long.MaxValue, 0, 0, 0, 0, 1, 10, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5))));
}
