namespace Faas.Bench.Load;

/// <summary>
/// When calls are due in an open loop: at a constant rate, whether or not earlier ones have come back. A latency that
/// is counted from here includes the wait that a slow answer imposes on those behind it ("coordinated omission").
/// Source: https://github.com/giltene/wrk2.
/// </summary>
/// <param name="PerSecond">Calls a second, above 0.</param>
/// <param name="Duration">How long calls arrive.</param>
internal sealed record ArrivalSchedule(double PerSecond, TimeSpan Duration)
{
    private const long Fewest = 3;
    private long _taken;

    /// <summary>How many calls there are, at least three, however long they take: of fewer there is no median.</summary>
    public long Count { get; } = Math.Max(Fewest, (long)(PerSecond * Duration.TotalSeconds));

    /// <summary>When a call is due, from the start.</summary>
    public TimeSpan DueOf(long call) => TimeSpan.FromSeconds(call / PerSecond);

    /// <summary>The next call that nobody has taken; false: all are. Safe from any thread.</summary>
    public bool TryTake(out TimeSpan due)
    {
        var call = Interlocked.Increment(ref _taken) - 1;
        due = DueOf(call);
        return call < Count;
    }
}
