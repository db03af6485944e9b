using System.Diagnostics;
using System.Net.Sockets;

namespace Faas.Bench.Load;

// Theory of operation. Each caller has a thread of its own and blocks in the kernel while it waits: a call costs the
// generator two system calls and no scheduling of .NET's own, so that on two processors it is not what is measured. The
// threads wait for each other before they start. A closed loop calls again as soon as the answer is there, and so finds
// the capacity. An open loop takes the next call of a schedule, sleeps until that is due and counts from then.

/// <summary>Puts load on something by a set of callers.</summary>
internal static class LoadGenerator
{
    /// <summary>Every caller calls without a pause until the time is over; each calls at least once.</summary>
    public static Slice Closed(IReadOnlyList<Caller> callers, TimeSpan duration) => Run(callers, (caller, start, tally) =>
    {
        do
        {
            var begun = Stopwatch.GetTimestamp();
            tally.Count(caller, begun);
        }
        while (Stopwatch.GetElapsedTime(start) < duration);
    });

    /// <summary>The callers share a schedule's calls; a latency begins when its call was due.</summary>
    public static Slice Open(IReadOnlyList<Caller> callers, ArrivalSchedule schedule) => Run(callers, (caller, start, tally) =>
    {
        MonotonicClock.WakePrecisely();
        while (schedule.TryTake(out var due))
        {
            var begin = start + (long)(due.TotalSeconds * Stopwatch.Frequency);
            MonotonicClock.SleepUntil(begin);
            tally.Count(caller, begin);
        }
    });

    private static Slice Run(IReadOnlyList<Caller> callers, Action<Caller, long, Tally> work)
    {
        var start = 0L;
        using var together = new Barrier(callers.Count, _ => start = Stopwatch.GetTimestamp());
        var tallies = callers.Select(_ => new Tally()).ToList();
        var threads = callers.Zip(tallies, (caller, tally) => new Thread(() =>
        {
            together.SignalAndWait();
            work(caller, start, tally);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        var latency = new Durations();
        tallies.ForEach(tally => latency.Add(tally.Latency));
        return new Slice(
            latency,
            Stopwatch.GetElapsedTime(start, tallies.Max(tally => tally.LastEnd)),
            tallies.Sum(tally => tally.Errors),
            tallies.Select(tally => tally.FirstError).FirstOrDefault(error => error is not null));
    }

    private sealed class Tally
    {
        public Durations Latency { get; } = new();

        public long Errors { get; private set; }

        public string? FirstError { get; private set; }

        public long LastEnd { get; private set; }

        public void Count(Caller caller, long begun)
        {
            try
            {
                caller.Call();
                LastEnd = Stopwatch.GetTimestamp();
                Latency.Add(Stopwatch.GetElapsedTime(begun, LastEnd));
            }
            catch (Exception failed) when (failed is CallFailedException or IOException or SocketException)
            {
                LastEnd = Stopwatch.GetTimestamp();
                Errors++;
                FirstError ??= failed.Message;
            }
        }
    }
}
