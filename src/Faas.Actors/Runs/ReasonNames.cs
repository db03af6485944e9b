
namespace Faas.Actors.Runs;

/// <summary>The reasons' names on the wire.</summary>
public static class ReasonNames
{
    /// <summary>The wire name, <c>output_limit</c> for <see cref="Reason.OutputLimit"/>.</summary>
    public static string ToWire(this Reason reason) => reason switch
    {
        Reason.Ok => "ok",
        Reason.Error => "error",
        Reason.Syntax => "syntax",
        Reason.Exit => "exit",
        Reason.Signal => "signal",
        Reason.Oom => "oom",
        Reason.Timeout => "timeout",
        Reason.OutputLimit => "output_limit",
        Reason.Cancelled => "cancelled",
        Reason.Sandbox => "sandbox",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
