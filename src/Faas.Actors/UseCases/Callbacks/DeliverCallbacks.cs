using System.Collections.Concurrent;
using Faas.Actors.Callbacks;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases.Kept;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.UseCases.Callbacks;

/// <summary>
/// Sends the callbacks of kept runs that are due, while the server runs.
/// <para>
/// Theory of operation. One loop takes callbacks that are due, each under a lease that is longer than an attempt may take, and has
/// <see cref="MostAtOnce"/> of them sent at once. It sleeps until the next one is due, until a run ends here, or for a second, because
/// another server of a cluster may have ended one. What came of an attempt is written until the store answers or the lease is over; then
/// the callback is taken and sent again. At a stop nothing more is taken, and attempts under way have ten seconds.
/// </para>
/// </summary>
public sealed partial class DeliverCallbacks(
    CallbackOptions options,
    KeptRunsOptions kept,
    IKeptRuns runs,
    ICallbacks callbacks,
    ICallbackRecord record,
    CallbackSender sender,
    KeptEnds ends,
    IKeptNodes nodes,
    IHostApplicationLifetime lifetime,
    ILogger<DeliverCallbacks> log) : IHostedService, IDisposable
{
    /// <summary>How many callbacks one server sends at once.</summary>
    public const int MostAtOnce = 32;

    private const string Defect = "The server could not send it; its log says why.";
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_leastPause = TimeSpan.FromMilliseconds(20); // between looks that many ends ask for
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10); // for the store, beside an attempt
    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly ConcurrentDictionary<Task, bool> _underWay = new();
    private readonly CancellationTokenSource _ended = new();
    private Task _loop = Task.CompletedTask;
    private volatile bool _isSilent;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (kept.Enabled && options.Missing is null)
        {
            _loop = Task.Run(() => RunAsync(lifetime.ApplicationStopping), CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var end = cancellationToken.UnsafeRegister(_ => _ended.Cancel(), null);
        await _loop;
        _ended.CancelAfter(s_patience); // an attempt that is cut is made again when its lease is over
        await Task.WhenAll(_underWay.Keys);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _ended.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wait = nodes.MayWork ? await LookAsync(stop) : s_pause;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(s_leastPause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await ends.AnyAsync(wait, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // How long until there is something to do.
    private async Task<TimeSpan> LookAsync(CancellationToken stop)
    {
        var hasPlace = false;
        try
        {
            await _places.WaitAsync(stop);
            hasPlace = true;
            var turn = await callbacks.TakeAsync(options.Timeout + s_patience, CancellationToken.None);
            _isSilent = false;
            if (turn.Id is null)
            {
                return turn.Wait < s_look ? turn.Wait.Value : s_look;
            }

            hasPlace = false; // it goes with the attempt
            var attempt = DeliverAsync(turn.Id, turn.Attempt);
            _underWay[attempt] = true;
            _ = attempt.ContinueWith(done => _underWay.TryRemove(done, out _), TaskScheduler.Default);
            return TimeSpan.Zero;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
#pragma warning disable CA1031 // The loop must go on after any failure of the client of Redis.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            if (!_isSilent)
            {
                _isSilent = true;
                LogSilent(failed.Message);
            }

            return s_pause;
        }
        finally
        {
            if (hasPlace)
            {
                _places.Release();
            }
        }
    }

    private async Task DeliverAsync(string id, int attempt)
    {
        await Task.Yield(); // the loop goes on
        try
        {
            if (await runs.FindAsync(id, _ended.Token) is not { Call.Callback: { } callback } run)
            {
                return; // forgotten meanwhile; or of a form that another server knows, which takes it when the lease is over
            }

            var message = CallbackMessage.Of(run, record.BytesOf(run));
            var note = await sender.SendAsync(callback.Url, message, attempt, _ended.Token);
            await NoteAsync(id, attempt, note);
            if (note.State == CallbackState.Dead)
            {
                LogDead(id, callback.ShownUrl, attempt, note.Answer.Error ?? $"status {note.Answer.Status}");
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The server ends; when the lease is over, the next start or another server sends it again.
        }
        catch (StoreException failed)
        {
            LogUnread(id, failed.Message); // the callback is taken again when the lease is over
        }
#pragma warning disable CA1031 // A defect costs this attempt alone.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            LogFailed(failed, id);
            await NoteAsync(id, attempt, CallbackVerdict.Of(options, attempt, new CallbackAnswer(null, Defect), retryAfter: null));
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task NoteAsync(string id, int attempt, CallbackNote note)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        patience.CancelAfter(s_patience);
        while (true)
        {
            try
            {
                await callbacks.NoteAsync(id, attempt, note, CancellationToken.None);
                return;
            }
            catch (StoreException)
            {
                if (patience.IsCancellationRequested)
                {
                    return; // the lease is over, or the server ends
                }

                await Task.Delay(s_pause, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Callbacks wait for the store: {Why}")]
    private partial void LogSilent(string why);

    [LoggerMessage(LogLevel.Warning, "The callback of the run {RunId} to {Url} is dead after {Attempts} attempts: {Why}")]
    private partial void LogDead(string runId, string url, int attempts, string why);

    [LoggerMessage(LogLevel.Warning, "The callback of the run {RunId} was not sent: {Why}")]
    private partial void LogUnread(string runId, string why);

    [LoggerMessage(LogLevel.Error, "The callback of the run {RunId} could not be sent.")]
    private partial void LogFailed(Exception failed, string runId);
}
