using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Prepares the next run of a chain when a run has ended.
/// <para>
/// Theory of operation. The script and the version of the destination are found first. Then the step of the store that ends the run accepts
/// the next one with it: so the next run exists if and only if the end is written, by any server, and it exists once. What cannot be
/// accepted is noted with the end, and the chain is over. A lookup that fails because the store is away is tried again for a while; if the
/// store is still away then, so is the step that would note it, and all of this is done again.
/// </para>
/// </summary>
public sealed class HandOver(AcceptRun accept, KeptRunsOptions kept, TimeProvider time)
{
    private const int MostTries = 30;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>The end with the next run, if there is to be one, or with why there is none.</summary>
    /// <param name="run">The run that has ended, with its input.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="cancellation">Cancelled when the server ends.</param>
    public async Task<KeptOutcome> PrepareAsync(KeptRun run, KeptOutcome outcome, CancellationToken cancellation)
    {
        if (KeptThen.After(run.Call.Then, outcome.End) is not { } to)
        {
            return outcome;
        }

        var depth = (run.Call.Depth ?? 0) + 1;
        if (depth > kept.ChainDepth)
        {
            return outcome with
            {
                NextRefused = $"It would be run {depth} after the first one of its chain; allowed are {kept.ChainDepth} "
                    + $"({KeptRunsOptions.ChainDepthKey}).",
            };
        }

        var input = KeptNext.InputAfter(run, outcome);
        if (outcome.End.IsOk && !JsonScan.IsValue(input.Span, Run.MaxInputDepth, out _))
        {
            return outcome with { NextRefused = $"The value is nested deeper than {Run.MaxInputDepth} levels, so it is no input." };
        }

        var arguments = new RunArguments(run.CallId, input, Key: run.Call.Key) { TraceParent = run.Call.TraceParent };
        var terms = new KeptTerms(run.Call.Priority, NotBefore: null, run.Call.Caller, time.GetUtcNow())
        {
            Then = to.Then,
        };
        var (call, refusal) = await FindAsync(new RunScriptRequest(to.Path, to.VersionRef, arguments), terms, cancellation);
        if (call is null)
        {
            return outcome with { NextRefused = refusal!.Detail };
        }

        return outcome with
        {
            Next = new KeptNext(
                KeptIds.Next(run.CallId),
                call with { Previous = run.Id, Depth = depth },
                input,
                [.. Enum.GetValues<KeptAcceptance>().Select(
                    acceptance => acceptance == KeptAcceptance.Accepted ? "" : accept.Full(acceptance, to.Path).Detail)]),
        };
    }

    private async Task<OrRefusal<KeptCall>> FindAsync(RunScriptRequest request, KeptTerms terms, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var found = await accept.PrepareAsync(request, terms, cancellation);
            if (found.Refusal?.Reason is not (RefusalReason.Store or RefusalReason.Cluster) || tries == MostTries)
            {
                return found;
            }

            await Task.Delay(s_pause, time, cancellation);
        }
    }
}
