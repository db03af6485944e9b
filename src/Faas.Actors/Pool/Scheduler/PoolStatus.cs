
namespace Faas.Actors.Pool.Scheduler;

/// <summary>What the pool looks like now.</summary>
/// <param name="Starting">Sandboxes whose runtime has not answered yet.</param>
/// <param name="Spare">Ready, bound to nothing.</param>
/// <param name="Idle">Bound, serving nobody.</param>
/// <param name="Busy">Running a run.</param>
/// <param name="Waiting">Runs in the queue.</param>
/// <param name="LastStartError">The runtime whose starts fail, and why the last of them did; null while the last start of each runtime worked.</param>
/// <param name="FailedStarts">How many starts of that runtime have failed since one that worked.</param>
public sealed record PoolStatus(int Starting, int Spare, int Idle, int Busy, int Waiting, string? LastStartError, int FailedStarts = 0);
