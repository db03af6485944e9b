namespace Faas.Actors.Pool.Scheduler;

/// <summary>How long something has lately taken: an exponentially weighted mean, which follows a change within some ten measurements.</summary>
internal sealed class RecentMean
{
    // Of the newest measurement.
    private const double Weight = 0.2;

    /// <summary>The mean; null before anything was measured.</summary>
    public TimeSpan? Value { get; private set; }

    /// <summary>Takes a measurement in.</summary>
    public void Measured(TimeSpan took) => Value = Value is { } mean ? mean + ((took - mean) * Weight) : took;
}
