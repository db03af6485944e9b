
namespace Faas.Actors.Runs;

/// <summary>What ended a run.</summary>
public enum Reason
{
    /// <summary>It returned, or exited with 0.</summary>
    Ok,

    /// <summary>It threw or raised.</summary>
    Error,

    /// <summary>It does not compile.</summary>
    Syntax,

    /// <summary>It exited on its own with another code than 0.</summary>
    Exit,

    /// <summary>A signal of its own killed it.</summary>
    Signal,

    /// <summary>The kernel killed it for memory.</summary>
    Oom,

    /// <summary>The wall clock ran out.</summary>
    Timeout,

    /// <summary>It printed or returned more than it may.</summary>
    OutputLimit,

    /// <summary>The client left, or somebody asked.</summary>
    Cancelled,

    /// <summary>Our fault.</summary>
    Sandbox,
}
