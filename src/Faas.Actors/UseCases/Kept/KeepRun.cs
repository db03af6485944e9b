using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases.Kept;

/// <summary>What came of a call whose record is to be kept.</summary>
/// <param name="Result">As of any other call.</param>
/// <param name="Id">The run, whose record is in the store; null: there is none.</param>
/// <param name="Why">Why the run has none though it has ended; null: it has one, or there was no run.</param>
public sealed record KeptCallResult(RunResult Result, string? Id, string? Why);

/// <summary>
/// Runs a stored script as a call does, and writes the record of the run before the caller gets the answer: in one step, when the run has
/// ended and its processes are gone. A server that ends before that leaves no record, and its caller no answer. A store that does not
/// answer costs the record, and not the answer.
/// </summary>
public sealed class KeepRun(
    ScriptLookup scripts,
    UseCaseOptions options,
    KeptRunsOptions kept,
    KeptExecution execution,
    IKeptRuns runs,
    IKeptNodes nodes)
{
    /// <summary>Runs it. Throws <see cref="OperationCanceledException"/> when the caller leaves; the record says so then.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="terms">For whom; what it says about a queue has no meaning.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the run is then killed.</param>
    public async Task<KeptCallResult> ExecuteAsync(RunScriptRequest request, KeptTerms terms, CancellationToken cancellation)
    {
        var (found, refusal) = await scripts.FindToRunAsync(request.Path, request.Version, request.HeaderOf, cancellation);
        refusal ??= KeptCalls.RefusalOf(request.Arguments.Input.Length, kept);
        if (refusal is not null)
        {
            return new KeptCallResult(new RunNotTaken(refusal, found?.Version.Number), null, null);
        }

        var id = KeptIds.Next(request.Arguments.CallId);
        var asked = KeptCalls.Of(options, request, found!, terms);
        var output = new KeptOutput(kept.LogBytes, store: null);
        KeptCallEnd end;
        try
        {
            end = await execution.CallAsync(request, found!, id, output, cancellation);
        }
        catch (OperationCanceledException)
        {
            var cancelled = KeptOutcome.Of(KeptEnd.Of(Runs.Outcome.Cancelled)) with { Output = await output.EndAsync() };
            await WriteAsync(id, asked, request, cancelled);
            throw;
        }

        var why = await WriteAsync(id, asked, request, end.Outcome);
        return new KeptCallResult(end.Result, why is null ? id : null, why);
    }

    // Null: it is written.
    private async Task<string?> WriteAsync(string id, KeptCall asked, RunScriptRequest request, KeptOutcome outcome)
    {
        try
        {
            await runs.KeepAsync(id, asked, request.Arguments.Input, nodes.Own, outcome, CancellationToken.None);
            return null;
        }
        catch (StoreException)
        {
            return "The record of the run is not kept, because the store does not answer.";
        }
    }
}
