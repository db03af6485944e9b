namespace Faas.Actors.Runs;

/// <summary>What a run cost.</summary>
/// <param name="Elapsed">The time from the lease of a sandbox until the outcome was known.</param>
/// <param name="Cpu">
/// User and system time of all processes of the run, as wait4(2) reports them. For a run that was killed, the time of the whole
/// sandbox, as the cgroup counts it.
/// </param>
/// <param name="MaxRssBytes">
/// The largest resident set among the processes of the run, as wait4(2) reports it. For a run that was killed, the most memory that
/// the whole sandbox has used, as the cgroup counts it.
/// </param>
public sealed record Usage(TimeSpan Elapsed, TimeSpan Cpu, long MaxRssBytes)
{
    /// <summary>The usage of code that did not run.</summary>
    public static Usage None { get; } = new(TimeSpan.Zero, TimeSpan.Zero, 0);
}
