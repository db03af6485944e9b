using Faas.Actors.Pool.Scheduler;

namespace Faas.Actors.Placement;

/// <summary>The pool of one node in numbers.</summary>
/// <param name="Permits">How many runs it may execute at once.</param>
/// <param name="Free">How many more runs it may execute now.</param>
/// <param name="Waiting">The runs that wait there.</param>
/// <param name="Spares">Its spare sandboxes.</param>
/// <param name="Seats">For how many more runs its bound sandboxes have room.</param>
/// <param name="IsDraining">Whether it refuses new runs.</param>
public sealed record NodeLevels(int Permits, int Free, int Waiting, int Spares, int Seats, bool IsDraining)
{
    /// <summary>Those of this node.</summary>
    public static NodeLevels Of(PoolDigest digest) => new(
        digest.Permits, digest.Free, digest.Waiting, digest.Spares.Values.Sum(), digest.Seats.Values.Sum(), digest.IsDraining);
}
