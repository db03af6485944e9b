using Akka.Actor;

namespace Faas.Actors.Invocations;

/// <summary>How an invocation ended. Every invocation has exactly one, and it says what the server itself observed.</summary>
public sealed record Outcome(Reason Reason) : INoSerializationVerificationNeeded
{
    /// <summary>The value; present exactly when <see cref="Reason"/> is <see cref="Reason.Ok"/>.</summary>
    public ResultData? Data { get; init; }

    /// <summary>One line for a person, without a line break; empty when ok.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What the script threw, or where it does not compile.</summary>
    public ScriptError? Error { get; init; }

    /// <summary>The exit status when the script exited on its own.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal's name (<c>SIGSEGV</c>) when a signal of its own killed the script.</summary>
    public string? Signal { get; init; }

    /// <summary>The last 64 KiB of stdout and stderr as printed, for failures; empty otherwise.</summary>
    public string Logs { get; init; } = "";

    /// <summary>What the invocation cost.</summary>
    public Usage Usage { get; init; } = Usage.None;

    /// <summary>Where its sandbox came from.</summary>
    public SandboxStart Start { get; init; }

    /// <summary>Our fault: the sandbox could not start, or broke.</summary>
    public static Outcome Broken(string detail) => new(Reason.Sandbox) { Detail = detail };
}

/// <summary>What ended an invocation.</summary>
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

/// <summary>What the script reported about its own failure.</summary>
/// <param name="Name">The error's class: <c>TypeError</c>, <c>ValueError</c>, <c>SyntaxError</c>.</param>
/// <param name="Message">Its message.</param>
/// <param name="Stack">Its stack or traceback in the script's own lines; null for syntax errors.</param>
/// <param name="Line">1-based line of a syntax error.</param>
/// <param name="Column">1-based column of a syntax error, in characters.</param>
public sealed record ScriptError(string Name, string Message, string? Stack = null, int? Line = null, int? Column = null);

/// <summary>What an invocation cost.</summary>
/// <param name="Wall">From dispatch to a sandbox until its outcome was known.</param>
/// <param name="Cpu">User + system time of all its processes, as wait4(2) reports it; of its whole sandbox, as the cgroup counts it, when the invocation was killed.</param>
/// <param name="MaxRssBytes">The largest resident set among its processes, as wait4(2) reports it; when the invocation was killed, the most memory that its whole sandbox has used, as the cgroup counts it.</param>
public sealed record Usage(TimeSpan Wall, TimeSpan Cpu, long MaxRssBytes)
{
    /// <summary>Nothing ran.</summary>
    public static Usage None { get; } = new(TimeSpan.Zero, TimeSpan.Zero, 0);
}

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
