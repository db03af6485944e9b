namespace Faas.Actors.Pool.Scheduler;

/// <summary>How long something has lately taken: an exponentially weighted mean that follows a change within ten measurements.</summary>
internal sealed class RecentMean
{
    // Of the newest measurement.
    private const double Weight = 0.2;

    /// <summary>The mean; null before anything was measured.</summary>
    public TimeSpan? Value { get; private set; }

    /// <summary>Adds a measurement.</summary>
    public void Measured(TimeSpan took) => Value = Value is { } mean ? mean + ((took - mean) * Weight) : took;
}
