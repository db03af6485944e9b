namespace Faas.Actors.Pool;

/// <summary>
/// How long invocations have lately kept a sandbox, from which a refused caller is told when to try again.
/// </summary>
internal sealed class ServiceTime(int poolSize)
{
    // Taken for the mean before anything was measured.
    private static readonly TimeSpan s_assumed = TimeSpan.FromSeconds(1);

    private readonly RecentMean _mean = new();

    /// <summary>Takes a measurement in.</summary>
    public void Measured(TimeSpan service) => _mean.Measured(service);

    /// <summary>When those who wait will have been served, in whole seconds, at least one.</summary>
    public TimeSpan RetryAfter(int waiting)
    {
        var wait = (_mean.Value ?? s_assumed) * ((double)waiting / poolSize);
        return TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(wait.TotalSeconds)));
    }
}
