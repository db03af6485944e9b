namespace Faas.Actors.Pool.Scheduler;

/// <summary>What the pool has a sandbox for, in the usual order. <see cref="PoolStatus"/> counts the sandboxes by it.</summary>
internal enum FleetStage
{
    /// <summary>Its runtime has not said that it is ready.</summary>
    Starting,

    /// <summary>Ready, bound to nothing.</summary>
    Spare,

    /// <summary>Executing a run.</summary>
    Busy,

    /// <summary>Bound, without a run.</summary>
    Idle,

    /// <summary>Told to end, or failed to start. It takes up a slot until it is gone.</summary>
    Closing,
}
