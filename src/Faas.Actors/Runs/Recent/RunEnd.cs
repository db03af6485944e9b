using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Recent;

/// <summary>How a run ended, without its value and its output.</summary>
/// <param name="Reason">A <see cref="Runs.Reason"/> by its wire name; or why it was refused, likewise.</param>
/// <param name="Detail">One line for a person; empty: there is nothing to say.</param>
/// <param name="After">How long after it was submitted.</param>
public sealed record RunEnd(string Reason, string Detail, TimeSpan After)
{
    // A stack may be as long as a result; the ends of both texts say the least.
    private const int MostText = 4096;

    /// <summary>What the script threw, or where it does not compile; long texts are cut.</summary>
    public ScriptError? Error { get; private init; }

    /// <summary>The script's own exit status.</summary>
    public int? ExitCode { get; private init; }

    /// <summary>The signal that killed the script.</summary>
    public string? Signal { get; private init; }

    /// <summary>The length of its value as JSON.</summary>
    public int ResultBytes { get; private init; }

    /// <summary>What it cost, as far as it was known then; null: nothing ran.</summary>
    public Usage? Usage { get; private init; }

    /// <summary>Whether its processes may still live, so that its cost and the rest of its output are known later.</summary>
    public bool CostFollows { get; init; }

    /// <summary>The end by an outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="after">How long after it was submitted.</param>
    public static RunEnd Of(Outcome outcome, TimeSpan after) => new(outcome.Reason.ToWire(), outcome.Detail, after)
    {
        Error = Cut(outcome.Error),
        ExitCode = outcome.ExitCode,
        Signal = outcome.Signal,
        ResultBytes = outcome.Data?.Json.Length ?? 0,
        Usage = outcome.Warmth is null ? null : outcome.Usage,
    };

    /// <summary>The error with its texts as short as they are kept.</summary>
    internal static ScriptError? Cut(ScriptError? error) =>
        error is null ? null : error with { Message = Cut(error.Message)!, Stack = Cut(error.Stack) };

    /// <summary>The text as short as it is kept.</summary>
    internal static string? Cut(string? text) => text is { Length: > MostText } ? $"{text[..MostText]}…" : text;
}
