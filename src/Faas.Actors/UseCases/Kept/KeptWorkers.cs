using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Reply;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Executes the runs that wait in the queue, at most <see cref="KeptRunsOptions.Concurrency"/> at once.
/// <para>
/// Theory of operation. Each worker has a seat. It takes a run, executes it, and writes its end, one after the other; when Redis is away it
/// holds the end until Redis is back, and takes nothing meanwhile. Because the seat names this start of the server, a run that its worker
/// does not know of cannot have started: the reply to the take was lost, and the store gives the run again. A worker that finds no
/// run sleeps until a signal, or until the first run that waits for a time may start; one that is to be started again is such a run. A
/// worker that finds a run wakes another one before it starts, so that there is always one that knows when the next run is due, as long as
/// one is free.
/// </para>
/// <para>
/// At a stop the workers take nothing more. What they execute ends as calls do; what has not ended when the server does is ended in the
/// record by the next start, or by another server (<see cref="KeptWatch"/>).
/// </para>
/// </summary>
public sealed partial class KeptWorkers(
    KeptRunsOptions options,
    IKeptRuns runs,
    KeptExecution execution,
    EndKeptRun end,
    KeptSignal signal,
    KeptEnds ends,
    KeptSeats seats,
    KeptWatch watch,
    IKeptNodes nodes,
    IHostApplicationLifetime lifetime,
    ILogger<KeptWorkers> log) : IHostedService, IDisposable
{
    /// <summary>How often a run goes back to the queue because the store does not give its code or secrets; then it ends.</summary>
    public const int MostReturns = 30;

    private static readonly TimeSpan s_longestSleep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(15);
    private readonly CancellationTokenSource _ended = new();
    private Task _all = Task.CompletedTask;
    private volatile bool _isSilent;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Enabled)
        {
            _all = RunAsync(lifetime.ApplicationStopping);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var end = cancellationToken.UnsafeRegister(_ => _ended.Cancel(), null);
        await _all;
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();

    private async Task RunAsync(CancellationToken stop)
    {
        await Task.Yield(); // the start of the server goes on
        var own = seats.Own;
        if (!nodes.IsShared)
        {
            await AgainAsync(() => watch.EndWhatIsGoneAsync(own, stop), stop);
        }

        var workers = Enumerable.Range(0, options.Concurrency).Select(number => WorkAsync(own with { Number = number }, stop));
        await Task.WhenAll([watch.RunAsync(own, stop), .. workers]);
    }

    private async Task WorkAsync(KeptSeat seat, CancellationToken stop)
    {
        var pause = s_pause;
        while (!stop.IsCancellationRequested)
        {
            if (!nodes.MayWork)
            {
                await PauseAsync(s_pause, stop);
                continue;
            }

            KeptTurn? turn = null;
            await AgainAsync(async () => turn = await runs.TakeAsync(seat, CancellationToken.None), stop);
            if (turn is not { Run: { } run })
            {
                await SleepAsync(turn?.Wait ?? s_longestSleep, stop);
                continue;
            }

            signal.Set();
            if (await ServeAsync(seat, run))
            {
                pause = s_pause;
                continue;
            }

            // A pool that is drained, or full for long, is not asked every moment.
            await PauseAsync(pause, stop);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    // False: it could not start, and waits again.
    private async Task<bool> ServeAsync(KeptSeat seat, KeptRun run)
    {
        try
        {
            var (outcome, refusal) = await RunOnceAsync(seat, run);
            if (outcome is null && refusal!.Reason == RefusalReason.Store && run.Returns >= MostReturns)
            {
                outcome = KeptExecution.OutcomeOf(refusal);
            }

            if (outcome is null)
            {
                await AgainAsync(() => runs.ReturnAsync(seat, run.Id, CancellationToken.None), _ended.Token);
                return false;
            }

            await AgainAsync(
                async () =>
                {
                    var ending = await end.ExecuteAsync(seat, run, outcome, hurry: _ended.Token, CancellationToken.None);
                    if (ending == KeptEnding.NotOwn)
                    {
                        LogNotOwn(run.Id);
                    }

                    if (ending != KeptEnding.Waits)
                    {
                        ends.Written(run.Id);
                    }
                },
                _ended.Token);
            return true;
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            return false; // the server ends; the next start says so in the record
        }
    }

    private async Task<OrRefusal<KeptOutcome>> RunOnceAsync(KeptSeat seat, KeptRun run)
    {
        try
        {
            return await execution.RunAsync(seat, run, _ended.Token);
        }
#pragma warning disable CA1031 // A defect ends one run and no worker.
        catch (Exception failed) when (failed is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(failed, run.Id);
            return KeptOutcome.Of(KeptEnd.Of(Runs.Outcome.Broken("The server failed to execute the run; its log says why.")));
        }
    }

    // Until Redis answers, or the server ends. A reply that was lost is asked for again.
    private async Task AgainAsync(Func<Task> ask, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await ask();
                _isSilent = false;
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever the client of Redis throws, the worker must go on.
            catch (Exception failed)
#pragma warning restore CA1031
            {
                if (!_isSilent || stop.IsCancellationRequested)
                {
                    _isSilent = true;
                    LogSilent(failed.Message);
                }

                if (stop.IsCancellationRequested)
                {
                    return;
                }

                await PauseAsync(s_pause, stop);
            }
        }
    }

    private async Task SleepAsync(TimeSpan wait, CancellationToken stop) => await signal.WaitAsync(
        wait < s_longestSleep ? wait : s_longestSleep, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task PauseAsync(TimeSpan pause, CancellationToken stop) =>
        await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(LogLevel.Warning, "Asynchronous runs wait for the store: {Why}")]
    private partial void LogSilent(string why);

    [LoggerMessage(LogLevel.Warning, "The run {RunId} has ended, but another server had ended its record before.")]
    private partial void LogNotOwn(string runId);

    [LoggerMessage(LogLevel.Error, "The run {RunId} could not be executed.")]
    private partial void LogFailed(Exception failed, string runId);
}
