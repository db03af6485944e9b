namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// How many spares of one image suffice, learned from how often runs need a new sandbox and how long its start takes.
/// <para>
/// Theory of operation. Runs that need a new sandbox arrive at a rate, and each takes a spare away until another has been
/// started. So the number of spares that are away at one time is Poisson distributed with the mean rate × start. Spares for
/// that mean and two standard deviations serve about 97 of 100 such runs without a wait. The rate is a count that decays
/// with a time constant of 30 s, so a burst is remembered for about a minute, and nothing has to be stored for each run.
/// </para>
/// </summary>
internal sealed class SpareDemand
{
    private const double Deviations = 2;

    // Below this mean no spare is wanted: one run in ten start times.
    private const double Negligible = 0.1;

    // The weight of the newest measurement of a spare's memory.
    private const double Weight = 0.2;

    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(30);

    private double _count;
    private TimeSpan _countedAt;
    private readonly RecentMean _start = new();
    private long? _bytes;

    /// <summary>A run needed a new sandbox, whether it found a spare or not.</summary>
    public void Taken(TimeSpan now) => (_count, _countedAt) = (CountAt(now) + 1, now);

    /// <summary>A sandbox has become ready.</summary>
    /// <param name="start">How long that took.</param>
    /// <param name="bytes">The memory that it holds; 0: not known.</param>
    public void Started(TimeSpan start, long bytes)
    {
        _start.Measured(start);
        _bytes = _bytes is { } held ? held + (long)((bytes - held) * Weight) : bytes;
    }

    /// <summary>How long a start takes; null: none has been seen.</summary>
    public TimeSpan? Start => _start.Value;

    /// <summary>How many spares the present demand asks for.</summary>
    public int Wanted(TimeSpan now)
    {
        var away = Away(now);
        return away < Negligible ? 0 : (int)Math.Ceiling(away + (Deviations * Math.Sqrt(away)));
    }

    /// <summary>When no more than <paramref name="wanted"/> spares will be wanted, if no run comes.</summary>
    public TimeSpan FallsTo(int wanted, TimeSpan now)
    {
        var root = (-Deviations + Math.Sqrt((Deviations * Deviations) + (4 * wanted))) / 2;
        var enough = wanted == 0 ? Negligible : root * root;
        var away = Away(now);
        return away <= enough ? now : now + (s_memory * Math.Log(away / enough)) + TimeSpan.FromMilliseconds(1);
    }

    /// <summary>How many spares fit into <paramref name="budget"/> bytes; all, while their size is unknown.</summary>
    public int Affordable(long budget) => _bytes is > 0 and var each ? (int)Math.Min(budget / each, int.MaxValue) : int.MaxValue;

    private double Away(TimeSpan now) => CountAt(now) / s_memory.TotalSeconds * (Start ?? TimeSpan.Zero).TotalSeconds;

    private double CountAt(TimeSpan now) => _count * Math.Exp(-(now - _countedAt) / s_memory);
}
