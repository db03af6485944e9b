namespace Faas.Actors.Pool;

/// <summary>
/// How long invocations have lately kept a sandbox: an exponentially weighted mean, from which a refused caller is
/// told when to try again.
/// </summary>
internal sealed class ServiceTime(int poolSize)
{
    // The weight of the newest measurement: the mean follows a change within some ten invocations.
    private const double Weight = 0.2;

    // Taken for the mean before anything was measured.
    private static readonly TimeSpan s_assumed = TimeSpan.FromSeconds(1);

    private TimeSpan? _mean;

    /// <summary>Takes a measurement in.</summary>
    public void Measured(TimeSpan service) => _mean = _mean is { } mean ? mean + ((service - mean) * Weight) : service;

    /// <summary>When those who wait will have been served, in whole seconds, at least one.</summary>
    public TimeSpan RetryAfter(int waiting)
    {
        var wait = (_mean ?? s_assumed) * ((double)waiting / poolSize);
        return TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(wait.TotalSeconds)));
    }
}
