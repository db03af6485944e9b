
namespace Faas.Actors.Runs;

/// <summary>Where the sandbox of a run came from; <c>X-Start</c> on the wire.</summary>
public enum Warmth
{
    /// <summary>One had to be started for it.</summary>
    Cold,

    /// <summary>A ready one, bound to the code by this call.</summary>
    Spare,

    /// <summary>One already bound to this code.</summary>
    Warm,
}
