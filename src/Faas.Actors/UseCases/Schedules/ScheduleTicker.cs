using System.Collections.Concurrent;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Schedules;
using Faas.Actors.UseCases.Kept;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.UseCases.Schedules;

/// <summary>
/// Starts the runs of schedules while the server runs.
/// <para>
/// Theory of operation. One loop asks the store which schedules are due, and sleeps until the next one is, until one is written here, or
/// for two seconds, because another server may have written one. Each that is due is fired apart from the others, since a fire may wait
/// for the end of a run that it cancels. In a cluster every node does this; the store's step lets one of them fire an instant. The time is
/// that of the store, so nodes whose clocks differ agree on what is due.
/// </para>
/// </summary>
public sealed partial class ScheduleTicker(
    SchedulesOptions options,
    KeptRunsOptions kept,
    ISchedules schedules,
    FireSchedule fire,
    ScheduleSignal signal,
    IKeptNodes nodes,
    IHostApplicationLifetime lifetime,
    ILogger<ScheduleTicker> log) : IHostedService, IDisposable
{
    private const int MostAtOnce = 64;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly ConcurrentDictionary<string, bool> _fires = new(StringComparer.Ordinal);
    private Task _loop = Task.CompletedTask;
    private bool _isSilent;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Enabled && kept.Enabled)
        {
            _loop = Task.Run(() => RunAsync(lifetime.ApplicationStopping), CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _loop;
        for (var place = 0; place < MostAtOnce; place++)
        {
            await _places.WaitAsync(CancellationToken.None); // each that fires gives its place back
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wait = nodes.MayWork ? await LookAsync(stop) : s_pause;
            await signal.WaitAsync(wait, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // How long until there is something to do.
    private async Task<TimeSpan> LookAsync(CancellationToken stop)
    {
        try
        {
            var now = await schedules.NowAsync(stop);
            var (names, next) = await schedules.DueAsync(now, stop);
            _isSilent = false;
            foreach (var name in names.Where(name => !_fires.ContainsKey(name)))
            {
                await _places.WaitAsync(stop);
                _fires[name] = true;
                _ = FireAsync(name, stop);
            }

            if (names.Count > 0)
            {
                now = await schedules.NowAsync(stop); // their places may have been waited for
            }

            var until = next - now + TimeSpan.FromMilliseconds(1);
            return until < TimeSpan.Zero ? TimeSpan.Zero : until < s_look ? until.Value : s_look;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
#pragma warning disable CA1031 // Whatever the client of Redis throws, the loop must go on.
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
    }

    private async Task FireAsync(string name, CancellationToken stop)
    {
        await Task.Yield(); // the loop goes on
        try
        {
            if (await fire.ExecuteAsync(name, stop))
            {
                return;
            }

            await Task.Delay(s_pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server stops; the next start, or another server, goes on.
        }
#pragma warning disable CA1031 // A defect of one schedule ends no other one.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            LogFailed(failed, name);
            await Task.Delay(s_pause * 5, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _fires.TryRemove(name, out _);
            _places.Release();
            signal.Set();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Schedules wait for the store: {Why}")]
    private partial void LogSilent(string why);

    [LoggerMessage(LogLevel.Error, "The schedule {Name} could not be fired; it is tried again.")]
    private partial void LogFailed(Exception failed, string name);
}
