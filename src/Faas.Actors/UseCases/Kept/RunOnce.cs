using System.Collections.Concurrent;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.UseCases.Kept;

/// <summary>What came of a call that has one run however often it is sent.</summary>
/// <param name="Result">As of any other call; null: an earlier call has the run.</param>
/// <param name="Id">The run; null: there is none.</param>
/// <param name="Why">Why the run has no record though it has ended; null: it has one, or has not ended.</param>
public sealed record OnceResult(RunResult? Result, string? Id, string? Why)
{
    /// <summary>The call of the run, which is told when its answer is complete; null: the call has started no run.</summary>
    public RunCall? Call { get; init; }
}

/// <summary>
/// Runs a stored script at once, unless the call has a name and an earlier call of the same name has a run.
/// <para>
/// Theory of operation. The store gives the name to the run and notes the run as executed by this server, in one step, before it starts. A
/// call that streams and is kept has no name; its run is noted likewise, so that a reader of the store can take the stream up.
/// From then on the run is a kept run like one from the queue: it goes on when its caller leaves, which may ask again; its end is written
/// with what the answer needs; and if this server ends first, the next start or another node writes that. A run that is refused before it
/// starts is withdrawn, and the name is free again. So it is when the store was asked for the name and its reply was lost.
/// </para>
/// </summary>
public sealed partial class RunOnce(
    ScriptLookup scripts,
    UseCaseOptions options,
    KeptRunsOptions kept,
    KeptExecution execution,
    IKeptRuns runs,
    KeptSeats seats,
    KeptEnds ends,
    ILogger<RunOnce> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Task, bool> _underWay = new();
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Runs it, or says which run it has already.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="terms">For whom, with the name of the call; what it says about a queue has no meaning.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the run goes on.</param>
    public async Task<OnceResult> ExecuteAsync(RunScriptRequest request, KeptTerms terms, CancellationToken cancellation)
    {
        var (found, refusal) = await scripts.FindToRunAsync(request.Path, request.Version, request.HeaderOf, cancellation);
        return found is null
            ? new OnceResult(new RunNotTaken(refusal!, Version: null), null, null)
            : await ExecuteAsync(request, found, terms, sinkOf: null, cancellation);
    }

    /// <summary>Runs it and gives its output to the caller as it comes, until the caller leaves; the run then goes on.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="found">The version.</param>
    /// <param name="terms">For whom; what it says about a queue has no meaning.</param>
    /// <param name="sinkOf">Takes the output of the run of this id; it is not used any more when this returns.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public Task<OnceResult> StreamAsync(
        RunScriptRequest request,
        FoundScript found,
        KeptTerms terms,
        Func<string, IRunSink> sinkOf,
        CancellationToken cancellation) => ExecuteAsync(request, found, terms, sinkOf, cancellation);

    private async Task<OnceResult> ExecuteAsync(
        RunScriptRequest request, FoundScript found, KeptTerms terms, Func<string, IRunSink>? sinkOf, CancellationToken cancellation)
    {
        var refusal = KeptCalls.RefusalOf(request.Arguments.Input.Length, kept);
        if (refusal is not null)
        {
            return new OnceResult(new RunNotTaken(refusal, found.Version.Number), null, null);
        }

        var id = KeptIds.Next(request.Arguments.CallId);
        var seat = seats.Next();
        var asked = KeptCalls.Of(options, request, found, terms);
        KeptClaim claim;
        try
        {
            claim = await runs.ClaimAsync(id, terms.Once, asked, request.Arguments.Input, seat, CancellationToken.None);
        }
        catch (StoreException)
        {
            _ = Tracked(AgainAsync(() => runs.WithdrawAsync(seat, id, CancellationToken.None)));
            refusal = Refusal.Store("The store does not answer, so the run was not started.");
            return new OnceResult(new RunNotTaken(refusal, found.Version.Number), null, null);
        }

        if (claim.Acceptance != KeptAcceptance.Accepted || !claim.IsSame)
        {
            refusal = claim.IsSame ? KeptCalls.Full(claim.Acceptance, request.Path, kept) : Refusal.OtherCall(claim.Id);
            return new OnceResult(new RunNotTaken(refusal, found.Version.Number), claim.IsSame ? null : claim.Id, null);
        }

        if (claim.Id != id)
        {
            return new OnceResult(null, claim.Id, null);
        }

        var call = new RunCall(RunVia.Run, terms.Received); // not that of the caller, which may leave before the output is in the record
        var output = new KeptOutput(kept.LogBytes, pieces => runs.AppendAsync(seat, id, pieces, CancellationToken.None));
        var sink = sinkOf is null ? null : new KeptSink(sinkOf(id), output);
        var running = Tracked(RunAsync(request, found, seat, id, call, output, sink));
        try
        {
            return (await running.WaitAsync(cancellation)) with { Call = call };
        }
        catch
        {
            // The caller has left. What recent runs keep of the output is shortened then, so its whole output must be in the record.
            _ = running.ContinueWith(_ => call.Answered(null), TaskScheduler.Default);
            throw;
        }
        finally
        {
            await (sink?.LeaveAsync() ?? Task.CompletedTask);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var end = cancellationToken.UnsafeRegister(_ => _ended.Cancel(), null);
        await Task.WhenAll(_underWay.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();

    private async Task<OnceResult> RunAsync(
        RunScriptRequest request, FoundScript found, KeptSeat seat, string id, RunCall call, KeptOutput output, KeptSink? sink)
    {
        KeptCallEnd end;
        try
        {
            var arguments = request.Arguments with { Call = call };
            end = await execution.CallAsync(request with { Arguments = arguments }, found, id, output, sink, _ended.Token);
        }
#pragma warning disable CA1031 // A defect ends this run, and its record says so.
        catch (Exception failed) when (failed is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(failed, id);
            var broken = Runs.Outcome.Broken("The server failed to execute the run; its log says why.");
            var outcome = KeptOutcome.Of(KeptEnd.Of(broken)) with { Output = await output.EndAsync() };
            end = new KeptCallEnd(new RunFinished(broken, Streamed: false, found.Version.Number), outcome);
        }

        finally
        {
            await output.EndAsync();
        }

        if (end.Result is RunNotTaken)
        {
            await OnceThenAgainAsync(() => runs.WithdrawAsync(seat, id, CancellationToken.None));
            return new OnceResult(end.Result, null, null);
        }

        var isWritten = await OnceThenAgainAsync(async () =>
        {
            await runs.EndAsync(seat, id, end.Outcome, CancellationToken.None);
            ends.Written(id);
        });
        return new OnceResult(
            end.Result, id, isWritten ? null : "The record of the run is written later, because the store does not answer.");
    }

    // The caller waits for the first attempt alone.
    private async Task<bool> OnceThenAgainAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (StoreException)
        {
            _ = Tracked(AgainAsync(write));
            return false;
        }
    }

    // Until the store answers, or the server ends; the next start then ends the run in the record.
    private async Task<bool> AgainAsync(Func<Task> write)
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await write();
                return true;
            }
            catch (StoreException)
            {
                await Task.Delay(s_pause, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return false;
    }

    private Task<T> Tracked<T>(Task<T> work)
    {
        _underWay[work] = true;
        _ = work.ContinueWith(done => _underWay.TryRemove(done, out _), TaskScheduler.Default);
        return work;
    }

    [LoggerMessage(LogLevel.Error, "The run {RunId} could not be executed.")]
    private partial void LogFailed(Exception failed, string runId);
}
