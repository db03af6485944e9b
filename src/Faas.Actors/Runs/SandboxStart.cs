
namespace Faas.Actors.Runs;

/// <summary>Where the sandbox of an invocation came from; <c>X-Start</c> on the wire.</summary>
public enum SandboxStart
{
    /// <summary>One had to be started for it.</summary>
    Cold,

    /// <summary>A ready one, bound to the code by this call.</summary>
    Spare,

    /// <summary>One already bound to this code.</summary>
    Warm,
}
