namespace Faas.Bench.Launches;

/// <summary>The median of a few exact durations.</summary>
internal static class Medians
{
    /// <summary>The middle one, or the mean of the two in the middle; of none it throws <see cref="ArgumentException"/>.</summary>
    public static TimeSpan Of(IReadOnlyCollection<TimeSpan> durations)
    {
        if (durations.Count == 0)
        {
            throw new ArgumentException("There is no median of nothing.", nameof(durations));
        }

        var sorted = durations.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
