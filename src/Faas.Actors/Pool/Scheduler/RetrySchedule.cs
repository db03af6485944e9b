namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Tells each refused caller when to come back, so that there is room for it then.
/// <para>
/// Theory of operation. Under overload many are refused for each that is served. If all were told when those who wait
/// now will have been served, all would be back at that moment, and all but a few refused again. So a refused caller
/// counts as one who waits, elsewhere: each is told the end of the line of those who wait here and those who have been told
/// to come back, and the line grows by what it takes to serve it. The line moves at the pace that was measured. What is
/// told is a whole number of seconds, and would bring back together all those of one second, who were refused in a small part of
/// it; therefore up to half as much again is added to each wait, spread evenly, which also leaves a quarter of the pace to
/// those who come for the first time. No caller is known again: what is told is true when all come back, and too much when few do.
/// At N times the pace, an overload of any length has N-1 times as long a line: of those who keep to it some 1/N come
/// back before it has ended.
/// </para>
/// <para>
/// The pace is the time from one call's end to the next one's while others wait, which has everything in it, starts of
/// sandboxes too; a mean over some twenty calls. Until there are enough of them: the mean service time over the pool's size.
/// </para>
/// </summary>
/// <param name="poolSize">Calls that run at once.</param>
internal sealed class RetrySchedule(int poolSize)
{
    // How much is added to a wait at most, and the step by which that is spread: the fractions of the multiples of the golden ratio lie evenly.
    private const double Spread = 0.5;
    private const double GoldenRatio = 0.618033988749895;

    // How much of an earlier measurement counts after the next one, and the sum at which there are enough.
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

    /// <summary>A call has ended that kept its sandbox for <paramref name="service"/>.</summary>
    public void Ended(TimeSpan service, bool othersWait, TimeSpan now)
    {
        _service.Measured(service);
        if (_endedBefore is { } before)
        {
            (_time, _ended) = ((_time * Kept) + (now - before), (_ended * Kept) + 1);
        }

        _endedBefore = othersWait ? now : null;
    }

    /// <summary>When those who wait will have been served; in whole seconds, from a second to an hour.</summary>
    public TimeSpan Drained(int waiting) => Told(Pace * waiting);

    /// <summary>A caller is refused: when it should come back. It joins the line.</summary>
    public TimeSpan Refused(int waiting, TimeSpan now)
    {
        var drained = now + (Pace * waiting);
        var end = (drained > _endOfLine ? drained : _endOfLine) + Pace;
        _endOfLine = end < now + s_most ? end : now + s_most;
        var told = Told((_endOfLine - now) * (1 + (Spread * _phase)));
        _phase = (_phase + GoldenRatio) % 1;
        return told;
    }

    private TimeSpan Pace => _ended >= Enough ? _time / _ended : (_service.Value ?? s_assumed) / poolSize;

    private static TimeSpan Told(TimeSpan wait)
    {
        var told = TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds));
        return told < s_least ? s_least : told > s_most ? s_most : told;
    }
}
