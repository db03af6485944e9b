
namespace Faas.Actors.Runs;

/// <summary>What a run cost.</summary>
/// <param name="Elapsed">From dispatch to a sandbox until its outcome was known.</param>
/// <param name="Cpu">User + system time of all its processes, as wait4(2) reports it; of its whole sandbox, as the cgroup counts it, when the run was killed.</param>
/// <param name="MaxRssBytes">The largest resident set among its processes, as wait4(2) reports it; when the run was killed, the most memory that its whole sandbox has used, as the cgroup counts it.</param>
public sealed record Usage(TimeSpan Elapsed, TimeSpan Cpu, long MaxRssBytes)
{
    /// <summary>Nothing ran.</summary>
    public static Usage None { get; } = new(TimeSpan.Zero, TimeSpan.Zero, 0);
}
