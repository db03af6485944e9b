using System.Buffers;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;

namespace Faas.Actors.Forwarding;

/// <summary>How a run ended, as one node tells another one.</summary>
internal static class RunOutcome
{
    /// <summary>Writes it.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="costFollows">Whether a <see cref="RunCost"/> follows.</param>
    public static ReadOnlySequence<byte> ToBytes(Outcome outcome, bool costFollows) => HeadAndBody.Write(
        new RunOutcomeHead(
            outcome.Reason,
            outcome.Data is { } data ? new DataHead(data.Type, data.Partial, data.Json.Length) : null,
            outcome.Hint,
            outcome.Detail,
            outcome.Error,
            outcome.ExitCode,
            outcome.Signal,
            outcome.Logs,
            UsageHead.Of(outcome.Usage),
            outcome.Warmth,
            costFollows,
            HeadAndBody.HeadsOf(outcome.Files)),
        ForwardingJson.Default.RunOutcomeHead,
        outcome.Data?.Json ?? default,
        outcome.Files);

    /// <summary>Reads it. Throws <see cref="FormatException"/> and <see cref="System.Text.Json.JsonException"/>.</summary>
    public static (Outcome Outcome, bool CostFollows) Read(ReadOnlySequence<byte> bytes)
    {
        var (head, body) = HeadAndBody.Read(bytes, ForwardingJson.Default.RunOutcomeHead);
        var (json, files) = HeadAndBody.Cut(body, head.Data?.Bytes ?? 0);
        return (
            new Outcome(head.Reason)
            {
                Data = head.Data is { } data ? new ResultData(json, data.Type, data.Partial) : null,
                Files = HeadAndBody.Files(head.Files, files),
                Hint = head.Hint,
                Detail = head.Detail,
                Error = head.Error,
                ExitCode = head.ExitCode,
                Signal = head.Signal,
                Logs = head.Logs,
                Usage = head.Usage.ToUsage(),
                Warmth = head.Warmth,
            },
            head.CostFollows);
    }
}

/// <summary>All of an outcome but its bytes.</summary>
internal sealed record RunOutcomeHead(
    Reason Reason,
    DataHead? Data,
    string? Hint,
    string Detail,
    ScriptError? Error,
    int? ExitCode,
    string? Signal,
    string Logs,
    UsageHead Usage,
    Warmth? Warmth,
    bool CostFollows,
    IReadOnlyList<FileHead> Files);

/// <summary>What the value of an outcome is.</summary>
internal sealed record DataHead(DataType Type, bool Partial, int Bytes);

/// <summary>A cost; times in ticks of 100 ns.</summary>
internal sealed record UsageHead(long Elapsed, long Cpu, long MaxRssBytes)
{
    /// <summary>The same as a message.</summary>
    public static UsageHead Of(Usage usage) => new(usage.Elapsed.Ticks, usage.Cpu.Ticks, usage.MaxRssBytes);

    /// <summary>The same as the server has it.</summary>
    public Usage ToUsage() => new(TimeSpan.FromTicks(Elapsed), TimeSpan.FromTicks(Cpu), MaxRssBytes);
}
