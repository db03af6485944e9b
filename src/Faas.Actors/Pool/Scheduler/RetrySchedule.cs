namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Tells each refused caller when to come back, so that there is room for it then.
/// <para>
/// Theory of operation. Under overload, many runs are refused for each one that is served. If each refused caller were told
/// when the present queue will have been served, all would come back at that moment, and nearly all would be refused again.
/// So the schedule keeps a line: the runs that wait here, and behind them the refused callers that have been told to come
/// back. A refused caller is told when the line ends, and the line grows by the time that serving one run takes. It moves
/// at the measured pace.
/// </para>
/// <para>
/// The wire has whole seconds only, so callers that were refused within a small part of a second would come back together.
/// Therefore up to half as much again is added to each wait, spread evenly. That also leaves a quarter of the pace to
/// new callers. The schedule does not recognise callers: the times are right if all come back, and too long if few
/// do. At N times the pace, an overload of any length makes a line of N-1 times its length, so about 1/N of the callers
/// that keep to the schedule come back before the overload has ended.
/// </para>
/// <para>
/// The pace is the time from one run's end to the next one's while others wait. It contains everything, starts of
/// sandboxes too. It is a mean over about twenty runs; until enough were seen, it is the mean service time over that number.
/// </para>
/// </summary>
/// <param name="bounds">How many runs are executed at once.</param>
internal sealed class RetrySchedule(PoolBounds bounds)
{
    // The most that is added to a wait, as a part of it, and the step that spreads the addition: the fractional parts of
    // the multiples of the golden ratio lie evenly.
    private const double Spread = 0.5;
    private const double GoldenRatio = 0.618033988749895;

    // The weight that a measurement keeps when the next one comes, and the sum of the weights that is enough.
    private const double Kept = 0.95;
    private const double Enough = 4;

    // Taken for the service time before anything was measured.
    private static readonly TimeSpan s_assumed = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_most = TimeSpan.FromHours(1);

    private readonly RecentMean _service = new();
    private TimeSpan? _endedBefore;
    private TimeSpan _time;
    private double _ended;
    private TimeSpan _endOfLine = TimeSpan.MinValue;
    private double _phase;

    /// <summary>A run has ended that kept its sandbox for <paramref name="service"/>.</summary>
    public void Ended(TimeSpan service, bool othersWait, TimeSpan now)
    {
        _service.Measured(service);
        if (_endedBefore is { } before)
        {
            (_time, _ended) = ((_time * Kept) + (now - before), (_ended * Kept) + 1);
        }

        _endedBefore = othersWait ? now : null;
    }

    /// <summary>How long serving the queue will take; in whole seconds, from a second to an hour.</summary>
    public TimeSpan Drained(int waiting) => Told(Pace * waiting);

    /// <summary>After how long a refused caller should come back; in whole seconds, from a second to an hour. It joins the line.</summary>
    public TimeSpan Refused(int waiting, TimeSpan now)
    {
        var drained = now + (Pace * waiting);
        var end = (drained > _endOfLine ? drained : _endOfLine) + Pace;
        _endOfLine = end < now + s_most ? end : now + s_most;
        var told = Told((_endOfLine - now) * (1 + (Spread * _phase)));
        _phase = (_phase + GoldenRatio) % 1;
        return told;
    }

    private TimeSpan Pace => _ended >= Enough ? _time / _ended : (_service.Value ?? s_assumed) / bounds.Running;

    private static TimeSpan Told(TimeSpan wait)
    {
        var told = TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds));
        return told < s_least ? s_least : told > s_most ? s_most : told;
    }
}
