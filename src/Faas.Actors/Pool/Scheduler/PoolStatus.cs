namespace Faas.Actors.Pool.Scheduler;

/// <summary>What the pool looks like now.</summary>
/// <param name="Starting">Sandboxes whose runtime has not said that it is ready.</param>
/// <param name="Spare">Sandboxes that are ready and bound to nothing.</param>
/// <param name="Idle">Sandboxes that are bound and without a run.</param>
/// <param name="Busy">Sandboxes that execute a run.</param>
/// <param name="Waiting">Runs without a sandbox.</param>
/// <param name="LastStartError">The image whose starts fail, and why the last one did; null: each image's last start worked.</param>
/// <param name="FailedStarts">How many starts of that image have failed since one that worked.</param>
/// <param name="HeldBytes">The memory that the sandboxes and their mothers hold, as far as it is measured.</param>
/// <param name="MostBytes">The memory that they may hold: <c>faas.pool.memory</c>.</param>
/// <param name="IsDraining">Whether new runs are refused.</param>
public sealed record PoolStatus(
    int Starting,
    int Spare,
    int Idle,
    int Busy,
    int Waiting,
    string? LastStartError,
    int FailedStarts = 0,
    long HeldBytes = 0,
    long MostBytes = 0,
    bool IsDraining = false);
