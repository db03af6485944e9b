namespace Faas.Actors.Sandboxes;

/// <summary>Where a sandbox is in its life.</summary>
public enum SandboxPhase
{
    /// <summary>Its runtime has not answered yet.</summary>
    Starting,

    /// <summary>Its runtime has answered, and it has no run.</summary>
    Ready,

    /// <summary>It has a run.</summary>
    Busy,

    /// <summary>It was killed, or is about to be.</summary>
    Dying,

    /// <summary>It has no process any more.</summary>
    Dead,
}
