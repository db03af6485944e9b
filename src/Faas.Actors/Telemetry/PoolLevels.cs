namespace Faas.Actors.Telemetry;

/// <summary>What the pool holds now and has done so far, in numbers.</summary>
/// <param name="Starting">Sandboxes whose runtime has not said that it is ready.</param>
/// <param name="Spare">Sandboxes that are ready and bound to nothing.</param>
/// <param name="Busy">Sandboxes that execute a run.</param>
/// <param name="Idle">Sandboxes that are bound and without a run.</param>
/// <param name="Closing">Sandboxes that were told to end and are not gone yet.</param>
/// <param name="MostSandboxes">The most sandboxes that may live: <c>faas.pool.sandboxes</c>.</param>
/// <param name="MostRunning">The most sandboxes that may execute runs: <c>faas.pool.running</c>.</param>
/// <param name="Waiting">Runs without a sandbox.</param>
/// <param name="MostWaiting">The most runs that may wait for a sandbox: <c>faas.pool.queue</c>.</param>
/// <param name="SandboxBytes">The memory that the sandboxes hold, as far as it is measured.</param>
/// <param name="MotherBytes">The memory that the mothers hold.</param>
/// <param name="MostBytes">The memory that both may hold: <c>faas.pool.memory</c>.</param>
/// <param name="Evictions">Sandboxes that were closed because another one needed their place, so far.</param>
/// <param name="Mothers">The mothers that live.</param>
public readonly record struct PoolLevels(
    int Starting,
    int Spare,
    int Busy,
    int Idle,
    int Closing,
    int MostSandboxes,
    int MostRunning,
    int Waiting,
    int MostWaiting,
    long SandboxBytes,
    long MotherBytes,
    long MostBytes,
    long Evictions,
    int Mothers = 0);
