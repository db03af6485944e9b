using System.Text.Json.Serialization;
using Faas.Actors.Json;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Kept;

/// <summary>How a kept run ended, without its value and its output. Serialization/SCHEMA.md has its stored form.</summary>
public sealed record KeptEnd
{
    /// <summary>A <see cref="Runs.Reason"/> by its wire name; or why the run was refused, likewise.</summary>
    public required string Reason { get; init; }

    /// <summary>One line for a person; null: there is nothing to say.</summary>
    public string? Detail { get; init; }

    /// <summary>What the script threw, or where it does not compile; long texts are cut.</summary>
    public ScriptError? Error { get; init; }

    /// <summary>The script's own exit status.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that killed the script.</summary>
    public string? Signal { get; init; }

    /// <summary>What its author may wonder about the value.</summary>
    public string? Hint { get; init; }

    /// <summary>What kind of value it returned; null: none.</summary>
    public DataType? Type { get; init; }

    /// <summary>Where its sandbox came from; null: it had none.</summary>
    public Warmth? Start { get; init; }

    /// <summary>When a sandbox got it; null: none has.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>How long a sandbox had it, in seconds.</summary>
    public double? RunSeconds { get; init; }

    /// <summary>Its processor time in seconds; null: it was not measured.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>The most memory that it held; null: it was not measured.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The length of its value as JSON, whether the value is kept or not.</summary>
    public int ResultBytes { get; init; }

    /// <summary>Whether the value is longer than what is kept, and so is not kept.</summary>
    public bool? ResultCut { get; init; }

    /// <summary>Whether the script has ended well.</summary>
    [JsonIgnore]
    public bool IsOk => Reason == Runs.Reason.Ok.ToWire();

    /// <summary>The end of a run that its caller, or an operator, did not want any more, and that had not started.</summary>
    public static KeptEnd Cancelled { get; } =
        new() { Reason = Runs.Reason.Cancelled.ToWire(), Detail = "The run was cancelled before it started." };

    /// <summary>The same of a run that waited for another attempt.</summary>
    public static KeptEnd CancelledBetweenAttempts { get; } =
        Cancelled with { Detail = "The run was cancelled while it waited for another attempt." };

    /// <summary>The end of a run whose server ended first.</summary>
    public static KeptEnd Abandoned { get; } =
        new() { Reason = Runs.Reason.Sandbox.ToWire(), Detail = "The server that executed the run ended." };

    /// <summary>The end by an outcome.</summary>
    public static KeptEnd Of(Outcome outcome) => new()
    {
        Reason = outcome.Reason.ToWire(),
        Detail = RunEnd.Cut(outcome.Detail.Length == 0 ? null : outcome.Detail),
        Error = RunEnd.Cut(outcome.Error),
        ExitCode = outcome.ExitCode,
        Signal = outcome.Signal,
        Hint = outcome.Hint,
        Type = outcome.Data?.Type,
        Start = outcome.Warmth,
        RunSeconds = outcome.Warmth is null ? null : Seconds(outcome.Usage.Elapsed),
        CpuSeconds = outcome.Usage.MaxRssBytes > 0 ? Seconds(outcome.Usage.Cpu) : null,
        MemoryBytes = outcome.Usage.MaxRssBytes > 0 ? outcome.Usage.MaxRssBytes : null,
        ResultBytes = outcome.Data?.Json.Length ?? 0,
    };

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);
}
