
namespace Faas.Actors.Sandboxes;

/// <summary>Where a sandbox is in its life.</summary>
public enum SandboxPhase
{
    /// <summary>Its runtime has not answered yet.</summary>
    Starting,

    /// <summary>Its runtime has answered, and it has no run.</summary>
    Ready,

    /// <summary>A run runs.</summary>
    Busy,

    /// <summary>It was killed, or is about to be.</summary>
    Dying,

    /// <summary>No process of it is left.</summary>
    Dead,
}
