using Akka.Actor;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs;

/// <summary>How a run ended. Every run has exactly one outcome, which tells what the server itself observed.</summary>
public sealed record Outcome(Reason Reason) : INoSerializationVerificationNeeded
{
    /// <summary>The value. Present exactly when <see cref="Reason"/> is <see cref="Reason.Ok"/>.</summary>
    public ResultData? Data { get; init; }

    /// <summary>
    /// The files that the run gives back, by their names; none unless <see cref="Reason"/> is <see cref="Reason.Ok"/>.
    /// </summary>
    public IReadOnlyList<RunFile> Files { get; init; } = [];

    /// <summary>
    /// One sentence for an author who may wonder why <see cref="Data"/> is not what the script was written for; null: nothing to say.
    /// </summary>
    public string? Hint { get; init; }

    /// <summary>One line for a person; empty when the reason is <see cref="Reason.Ok"/>.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What the script threw, or where it does not compile.</summary>
    public ScriptError? Error { get; init; }

    /// <summary>The exit status of a script that exited by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The name (<c>SIGSEGV</c>) of the signal that killed a script without the server's doing.</summary>
    public string? Signal { get; init; }

    /// <summary>
    /// For a failure, and for a success whose caller wants it, the last 64 KiB of stdout and stderr together, as printed; otherwise empty.
    /// </summary>
    public string Logs { get; init; } = "";

    /// <summary>What the run cost.</summary>
    public Usage Usage { get; init; } = Usage.None;

    /// <summary>Where the sandbox came from; null: the run had no sandbox, because the code does not compile.</summary>
    public Warmth? Warmth { get; init; } = Runs.Warmth.Cold;

    /// <summary>The outcome of a run whose sandbox could not start, or broke: a fault of Faas.</summary>
    public static Outcome Broken(string detail) => new(Reason.Sandbox) { Detail = detail };

    /// <summary>The outcome of a run whose caller left, or stopped it.</summary>
    public static Outcome Cancelled { get; } = new(Reason.Cancelled) { Detail = "The call was cancelled." };
}
