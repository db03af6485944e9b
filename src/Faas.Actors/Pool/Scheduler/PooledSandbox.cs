using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>One sandbox as the pool sees it.</summary>
internal sealed class PooledSandbox
{
    /// <summary>A sandbox that was just asked for.</summary>
    public PooledSandbox(long number, Runtime runtime)
    {
        (Number, Runtime) = (number, runtime);
        Place = new LinkedListNode<PooledSandbox>(this);
        IdlePlace = new LinkedListNode<PooledSandbox>(this);
    }

    /// <summary>Its name.</summary>
    public long Number { get; }

    /// <summary>What it runs.</summary>
    public Runtime Runtime { get; }

    /// <summary>Its place among the starting, spare or idle ones.</summary>
    public LinkedListNode<PooledSandbox> Place { get; }

    /// <summary>Its place among the idle ones that are bound to the same code.</summary>
    public LinkedListNode<PooledSandbox> IdlePlace { get; }

    /// <summary>What it is doing.</summary>
    public SandboxStage Stage { get; set; }

    /// <summary>Since when it is doing that.</summary>
    public TimeSpan Since { get; set; }

    /// <summary>The code it is bound to; null: to none.</summary>
    public string? Code { get; set; }

    /// <summary>When its code's present turn on it began.</summary>
    public TimeSpan TurnBegan { get; set; }

    /// <summary>The call it runs; not null exactly when busy.</summary>
    public PooledRun? Call { get; set; }
}

/// <summary>The stages of a sandbox's life, in their usual order.</summary>
internal enum SandboxStage
{
    /// <summary>Its runtime has not answered yet.</summary>
    Starting,

    /// <summary>Ready, bound to nothing.</summary>
    Spare,

    /// <summary>Running a call.</summary>
    Busy,

    /// <summary>Bound, serving nobody.</summary>
    Idle,

    /// <summary>Told to end, or failed; it still counts until it is gone.</summary>
    Closing,
}
