using System.Text;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.UseCases;
using Faas.Http.Api.Calls;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs;

/// <summary>The answer to a call whose run was kept and has ended in time, made of its record: that of a call that has waited.</summary>
public static class EndedReply
{
    /// <summary>Writes it.</summary>
    public static Task WriteAsync(HttpContext context, KeptRun run, CallRequest call)
    {
        var end = run.End!;
        if (WireNames.TryParse<Reason>(end.Reason, out var reason))
        {
            return RunReply.WriteAsync(context, new RunFinished(OutcomeOf(reason, run), Streamed: false, run.Call.Version), call);
        }

        context.Response.SetVersion(run.Call.Version);
        return ProblemWriter.WriteAsync(context, ProblemOf(end));
    }

    /// <summary>Why a run could not start, which has ended with another reason than those of runs that have.</summary>
    public static Problem ProblemOf(KeptEnd end) =>
        new(KeptStatus.Of(end.Reason) ?? StatusCodes.Status500InternalServerError, end.Reason, end.Detail ?? "The run could not start.");

    /// <summary>Why the value of a run cannot be told.</summary>
    public static Problem NotKept(KeptRun run) => FaasProblems.Of(Refusal.Conflict(
        $"The value of the run \"{run.Id}\" has {run.End!.ResultBytes} bytes, and was not kept (faas.runs.kept.result-size)."));

    /// <summary>Writes it again, for a call that has one run however often it is sent. Throws <see cref="ProblemException"/>.</summary>
    public static Task ReplayAsync(HttpContext context, KeptRun run, CallRequest call)
    {
        if (run.End!.ResultCut == true)
        {
            throw new ProblemException(NotKept(run));
        }

        context.Response.Headers[CallHeaders.IdempotencyReplayed] = "true";
        return WriteAsync(context, run, call);
    }

    /// <summary>How it ended, as a caller that had waited would have got it, without files.</summary>
    public static Outcome OutcomeOf(Reason reason, KeptRun run)
    {
        var end = run.End!;
        return OutcomeOf(reason, end) with
        {
            Data = end.Type is { } type && !run.Result.IsEmpty ? new ResultData(run.Result, type) : null,
            Logs = LogsOf(run.Log),
        };
    }

    /// <summary>An outcome as its record tells it, with a value and files that the record may not have.</summary>
    public static Outcome AsKept(Outcome outcome) => OutcomeOf(outcome.Reason, KeptEnd.Of(outcome)) with
    {
        Data = outcome.Data,
        Files = outcome.Files,
        Logs = outcome.Logs,
    };

    private static Outcome OutcomeOf(Reason reason, KeptEnd end) => new(reason)
    {
        Hint = end.Hint,
        Detail = end.Detail ?? "",
        Error = end.Error,
        ExitCode = end.ExitCode,
        Signal = end.Signal,
        Usage = new Usage(TimeOf(end.RunSeconds), TimeOf(end.CpuSeconds), end.MemoryBytes ?? 0),
        Warmth = end.Start,
    };

    private static string LogsOf(IReadOnlyList<KeptLine> lines) =>
        lines.Aggregate(new StringBuilder(), (text, line) => text.Append(line.Text).Append(line.Partial ? "" : "\n")).ToString();

    private static TimeSpan TimeOf(double? seconds) => TimeSpan.FromSeconds(seconds ?? 0);
}
