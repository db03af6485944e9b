using Akka.Actor;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs;

/// <summary>How a run ended. Every run has exactly one, and it says what the server itself observed.</summary>
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

    /// <summary>What the run cost.</summary>
    public Usage Usage { get; init; } = Usage.None;

    /// <summary>Where its sandbox came from; null: the code never reached a sandbox, because it does not compile.</summary>
    public Warmth? Warmth { get; init; } = Runs.Warmth.Cold;

    /// <summary>Our fault: the sandbox could not start, or broke.</summary>
    public static Outcome Broken(string detail) => new(Reason.Sandbox) { Detail = detail };

    /// <summary>The caller left, or asked to stop it.</summary>
    public static Outcome Cancelled { get; } = new(Reason.Cancelled) { Detail = "The call was cancelled." };
}
