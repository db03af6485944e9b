using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;

namespace Faas.Actors.UseCases.Kept;

/// <summary>What came of a call whose record is to be kept.</summary>
/// <param name="Result">As of any other call.</param>
/// <param name="Id">The run, whose record is in the store, or soon is; null: there is none.</param>
/// <param name="Why">What the caller is told about the record; null: nothing.</param>
public sealed record KeptCallResult(RunResult Result, string? Id, string? Why);

/// <summary>
/// Runs a stored script as a call does, and has the record of the run written when the run's processes are gone (<see cref="KeptWriter"/>).
/// The caller does not wait for that.
/// </summary>
public sealed class KeepRun(UseCaseOptions options, KeptRunsOptions kept, KeptExecution execution, KeptWriter writer)
{
    /// <summary>Runs it. Throws <see cref="OperationCanceledException"/> when the caller leaves; the record says so then.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="found">The version.</param>
    /// <param name="terms">For whom; what it says about a queue has no meaning.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the run is then killed.</param>
    public async Task<KeptCallResult> ExecuteAsync(
        RunScriptRequest request, FoundScript found, KeptTerms terms, CancellationToken cancellation)
    {
        if (KeptCalls.RefusalOf(request.Arguments.Input.Length, kept) is { } refusal)
        {
            return new KeptCallResult(new RunNotTaken(refusal, found.Version.Number), null, null);
        }

        var id = KeptIds.Next(request.Arguments.CallId);
        var asked = KeptCalls.Of(options, request, found, terms);
        var output = new KeptOutput(kept.LogBytes, store: null);
        var input = request.Arguments.Input;
        try
        {
            // The output is followed where it is noted what becomes of the run, also where recent runs are not shown.
            var arguments = request.Arguments with { Call = request.Arguments.Call ?? new RunCall(RunVia.Run, terms.Received) };
            var (result, outcome) = await execution.AnswerAsync(
                request with { Arguments = arguments }, found, id, output, sink: null, cancellation);
            var value = result is RunFinished { Outcome.Data.Json: var json } ? json : default;
            return !writer.TryTake(id, asked, input, value, outcome)
                ? new KeptCallResult(
                    result,
                    null,
                    "The record of the run is not kept, because too many records wait for the store (faas.runs.kept.pending-size).")
                : new KeptCallResult(
                    result, id, writer.IsSilent ? "The record of the run is written later, because the store does not answer." : null);
        }
        catch (OperationCanceledException)
        {
            writer.TryTake(id, asked, input, default, CancelledAsync(output));
            throw;
        }
    }

    private static async Task<KeptOutcome> CancelledAsync(KeptOutput output) =>
        KeptOutcome.Of(KeptEnd.Of(Runs.Outcome.Cancelled)) with { Output = await output.EndAsync() };
}
