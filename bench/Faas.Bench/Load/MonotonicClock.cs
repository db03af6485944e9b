using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Faas.Bench.Load;

/// <summary>
/// Sleeps to the microsecond, which Thread.Sleep, in whole milliseconds, cannot. Source: clock_nanosleep(2),
/// PR_SET_TIMERSLACK(2const).
/// </summary>
internal static partial class MonotonicClock
{
    private const int ClockMonotonic = 1;
    private const int AbsoluteTime = 1;
    private const int SetTimerSlack = 29;
    private const int Interrupted = 4;

    /// <summary>From now on the kernel wakes this thread when it should and not up to 50 µs later.</summary>
    public static void WakePrecisely() => _ = Control(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Returns at that <see cref="Stopwatch.GetTimestamp"/> (CLOCK_MONOTONIC in nanoseconds), at once when it is past.</summary>
    public static void SleepUntil(long timestamp)
    {
        var until = new TimeSpec(timestamp / 1_000_000_000, timestamp % 1_000_000_000);
        while (Sleep(ClockMonotonic, AbsoluteTime, in until, 0) == Interrupted)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, in TimeSpec until, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
