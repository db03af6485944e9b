using System.Text;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Executes a kept run as a call is executed, on this server: any server of a cluster may take any run from the queue, so the queue has
/// chosen already. Where the run is not answered before that, the reply waits until the run's processes are gone, because the record has
/// the cost and the whole output.
/// </summary>
public sealed class KeptExecution(RunScript runScript, KeptRunsOptions options, IKeptRuns runs)
{
    private const int Accepted = 202;

    // A returned value is followed by the end of the run's processes within milliseconds. A server that stops does not tell their cost.
    private static readonly TimeSpan s_longestEnd = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs it. Throws <see cref="OperationCanceledException"/> when the server ends first. The result is a refusal where nothing was
    /// started and a later attempt makes sense.
    /// </summary>
    /// <param name="seat">The seat that has it.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellation">Cancelled when the server ends.</param>
    public async Task<OrRefusal<KeptOutcome>> RunAsync(KeptSeat seat, KeptRun run, CancellationToken cancellation)
    {
        RunRecord? record = null;
        var output = new KeptOutput(
            options.LogBytes, pieces => runs.AppendAsync(seat, run.Id, pieces, CancellationToken.None), before: run.Lines);
        var call = new RunCall(run.Call.Via, run.Call.Received);
        var arguments = new RunArguments(run.CallId, run.Input, WithUsage: true, run.Call.Key)
        {
            TraceParent = run.Call.TraceParent,
            Call = call,
            StaysHere = true,
        };
        try
        {
            arguments = Followed(arguments with { WithLogs = true }, run.Id, output, noted => record = noted);
            var request = new RunScriptRequest(run.Call.Path, new VersionRef(run.Call.Version), arguments);
            return await runScript.ExecuteAsync(request, sink: null, cancellation) switch
            {
                RunFinished finished => await OutcomeAsync(finished.Outcome, record, output),
                RunNotTaken { Refusal: { } refusal } when MayPass(refusal.Reason) => refusal,
                RunNotTaken { Refusal: { } refusal } => OutcomeOf(refusal),
                var other => throw new InvalidOperationException($"A run ended with {other.GetType().Name}."),
            };
        }
        finally
        {
            await output.EndAsync();

            // What recent runs keep of the output is shortened once the call is answered, so this comes last.
            call.Answered(Accepted);
        }
    }

    /// <summary>
    /// Runs a stored script for a call that waits for the run, on any node of a cluster, until the run's processes are gone. Throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <inheritdoc cref="AnswerAsync"/>
    public async Task<KeptCallEnd> CallAsync(
        RunScriptRequest request, FoundScript found, string id, KeptOutput output, IRunSink? sink, CancellationToken cancellation)
    {
        var all = request with { Arguments = request.Arguments with { WithUsage = true, WithLogs = sink is null } };
        var (result, outcome) = await AnswerAsync(all, found, id, output, sink, cancellation);
        return new KeptCallEnd(result, await outcome);
    }

    /// <summary>
    /// Runs a stored script for a call that waits for the value alone, on any node of a cluster. Throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <param name="request">What to run.</param>
    /// <param name="found">The script.</param>
    /// <param name="id">The run.</param>
    /// <param name="output">Follows its output.</param>
    /// <param name="sink">Gives the output to the record, and to the caller as it comes; null: the caller gets the end alone.</param>
    /// <param name="cancellation">Kills the run.</param>
    public async Task<KeptAnswer> AnswerAsync(
        RunScriptRequest request, FoundScript found, string id, KeptOutput output, IRunSink? sink, CancellationToken cancellation)
    {
        RunRecord? record = null;
        var follower = sink is null ? output : null;
        var arguments = Followed(request.Arguments, id, follower, noted => record = noted) with { IsKept = true };
        var result = await runScript.ExecuteAsync(request.Path, found, arguments, sink, cancellation);
        return new KeptAnswer(result, result is RunFinished finished
            ? MeasuredAsync(finished, record, output)
            : Task.FromResult(OutcomeOf(((RunNotTaken)result).Refusal)));
    }

    // When the cost is known, all that the run has printed is here.
    private async Task<KeptOutcome> MeasuredAsync(RunFinished finished, RunRecord? record, KeptOutput output)
    {
        var outcome = finished.Outcome;
        if (finished.Measured is { } measured)
        {
            await ((Task)measured).WaitAsync(s_longestEnd).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (measured.IsCompletedSuccessfully)
            {
                outcome = outcome with { Usage = (await measured) with { Elapsed = outcome.Usage.Elapsed } };
            }
        }

        return await OutcomeAsync(finished.Streamed ? outcome with { Logs = "" } : outcome, record, output);
    }

    private static RunArguments Followed(RunArguments arguments, string id, KeptOutput? output, Action<RunRecord> noted) => arguments with
    {
        RunId = id,
        Noted = record =>
        {
            noted(record);
            if (output is not null)
            {
                record.Follower = output.Append;
            }
        },
    };

    /// <summary>The end of a run that could not start.</summary>
    public static KeptOutcome OutcomeOf(Refusal refusal) =>
        KeptOutcome.Of(new KeptEnd { Reason = refusal.Reason.ToWire(), Detail = refusal.Detail });

    private static bool MayPass(RefusalReason reason) => reason is RefusalReason.QueueFull or RefusalReason.QueueTimeout
        or RefusalReason.Draining or RefusalReason.Cluster or RefusalReason.Store;

    /// <summary>The end of a run by an outcome that has all that it has printed and cost.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="record">Where else it is noted what became of it; null: nowhere.</param>
    /// <param name="output">What has followed its output.</param>
    private async Task<KeptOutcome> OutcomeAsync(Outcome outcome, RunRecord? record, KeptOutput output)
    {
        if (!output.HasAny)
        {
            // No sandbox of this server has printed it: another node's has, or the installation of libraries.
            output.Append(OutputStream.Stderr, Encoding.UTF8.GetBytes(outcome.Logs));
        }

        var result = outcome.Data?.Json ?? default;
        var isResultCut = result.Length > options.ResultBytes;
        var end = KeptEnd.Of(outcome) with
        {
            Started = record?.Look().Started,
            ResultCut = isResultCut ? true : null,
        };
        return new KeptOutcome(end, isResultCut ? default : result, await output.EndAsync()) { Value = result };
    }
}

/// <summary>The end of a run whose call has waited for it.</summary>
/// <param name="Result">What the caller gets.</param>
/// <param name="Outcome">What the record gets.</param>
public sealed record KeptCallEnd(RunResult Result, KeptOutcome Outcome);

/// <summary>The answer to a call, and what the record of its run gets later.</summary>
/// <param name="Result">What the caller gets.</param>
/// <param name="Outcome">Completes when the run's processes are gone, and its cost and whole output are known.</param>
public sealed record KeptAnswer(RunResult Result, Task<KeptOutcome> Outcome);
