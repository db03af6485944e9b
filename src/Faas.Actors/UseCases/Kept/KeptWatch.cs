using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Pool;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Actors.Telemetry;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Looks after the kept runs beside the workers: forgets what is too old, notes for metrics what the store holds, and in a cluster wakes
/// a worker for what other nodes have accepted, cancels what callers of other nodes have cancelled, and ends the runs of nodes that are
/// gone.
/// <para>
/// Theory of operation. Whether a run's server lives is said by its seat: an earlier start of this server has ended; another node has
/// when it is no member. A node that has just joined may not be known here yet, so another node counts as gone when it is no member at
/// two looks, one after the other. To end a run twice does nothing, so every node may do it.
/// </para>
/// </summary>
public sealed partial class KeptWatch(
    KeptRunsOptions options,
    IKeptRuns runs,
    EndKeptRun end,
    KeptSignal signal,
    IKeptNodes nodes,
    IRequiredActor<SandboxPool> pool,
    KeptMeters meters,
    ILogger<KeptWatch> log)
{
    private static readonly TimeSpan s_shared = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_sampling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);
    private const int LooksApart = 6; // each sixth look at the marked runs is followed by one at the runs of all nodes
    private HashSet<string> _suspects = [];
    private Task _ending = Task.CompletedTask;

    /// <summary>Looks until the server stops.</summary>
    /// <param name="own">A seat of this server.</param>
    /// <param name="stop">Cancelled when the server stops.</param>
    public async Task RunAsync(KeptSeat own, CancellationToken stop)
    {
        var cleaning = options.MaxAge / 4 < s_longest ? options.MaxAge / 4 : s_longest;
        using var timer = new PeriodicTimer(nodes.IsShared ? s_shared : cleaning < s_sampling ? cleaning : s_sampling);
        var (cleaned, sampled) = (TimeSpan.Zero, TimeSpan.Zero);
        try
        {
            await SampleAsync(stop);
            for (var look = 0; await timer.WaitForNextTickAsync(stop); look++)
            {
                (cleaned, sampled) = (cleaned + timer.Period, sampled + timer.Period);
                if (sampled >= s_sampling)
                {
                    sampled = TimeSpan.Zero;
                    await SampleAsync(stop);
                }

                if (cleaned >= cleaning && await TryAsync(() => runs.CleanAsync(stop), stop))
                {
                    cleaned = TimeSpan.Zero;
                }

                await TryAsync(() => LookAsync(own, look, stop), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server stops.
        }

        await _ending;
    }

    /// <summary>Ends in the record the runs whose servers have ended. Throws <see cref="StoreException"/>.</summary>
    public async Task EndWhatIsGoneAsync(KeptSeat own, CancellationToken cancellation)
    {
        HashSet<string> suspects = [];
        foreach (var (seat, id) in await runs.RunningAsync(cancellation))
        {
            if (seat.IsOfEarlierStart(own) || (!nodes.Has(seat.Node) && (!nodes.IsShared || _suspects.Contains(id))))
            {
                await EndAsync(seat, id, cancellation);
            }
            else if (!nodes.Has(seat.Node))
            {
                suspects.Add(id);
            }
        }

        _suspects = suspects;
    }

    // What is not known is not shown.
    private async Task SampleAsync(CancellationToken stop)
    {
        KeptLevels? levels = null;
        await TryAsync(async () => levels = await runs.LevelsAsync(stop), stop);
        meters.Sampled(levels);
    }

    private async Task EndAsync(KeptSeat seat, string id, CancellationToken cancellation)
    {
        var outcome = KeptOutcome.Of(KeptEnd.Abandoned);
        var ending = await ReadAsync(id, cancellation) is { } run
            ? await end.ExecuteAsync(seat, run, outcome, CancellationToken.None, cancellation)
            : await runs.EndAsync(seat, id, outcome, cancellation) ? KeptEnding.Ended
            : KeptEnding.NotOwn;
        switch (ending)
        {
            case KeptEnding.Ended:
                LogAbandoned(id, seat.Node);
                break;
            case KeptEnding.Waits:
                LogAgain(id, seat.Node);
                break;
        }
    }

    // Null: it cannot be read, because it is damaged, or has a form that another server knows; it ends all the same. Where the store is
    // away, the step that ends it says so.
    private async Task<KeptRun?> ReadAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return await runs.FindAsync(id, cancellation);
        }
        catch (StoreException)
        {
            return null;
        }
    }

    private async Task LookAsync(KeptSeat own, int look, CancellationToken stop)
    {
        if (!nodes.IsShared || !nodes.MayWork)
        {
            return;
        }

        signal.Set();
        foreach (var (seat, id) in await runs.MarkedAsync(stop))
        {
            if (seat.Incarnation == own.Incarnation)
            {
                pool.ActorRef.Tell(new CancelRun(id));
            }
        }

        if (look % LooksApart == 0 && _ending.IsCompleted)
        {
            _ending = EndInTimeAsync(own, stop);
        }
    }

    // The next run of a chain may have to wait for its script's home. The other looks do not wait for that.
    private async Task EndInTimeAsync(KeptSeat own, CancellationToken stop)
    {
        try
        {
            await TryAsync(() => EndWhatIsGoneAsync(own, stop), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task<bool> TryAsync(Func<Task> look, CancellationToken stop)
    {
        try
        {
            await look();
            return true;
        }
        catch (StoreException)
        {
            return false; // the workers say that the store is away; the next look comes
        }
#pragma warning disable CA1031 // A defect of one look ends no later one.
        catch (Exception failed) when (failed is not OperationCanceledException || !stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFailed(failed);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "Kept runs could not be looked after.")]
    private partial void LogFailed(Exception failed);

    [LoggerMessage(LogLevel.Warning, "The run {RunId} was executed by {Node}, which has ended; its record says so now.")]
    private partial void LogAbandoned(string runId, string node);

    [LoggerMessage(LogLevel.Warning, "The run {RunId} was executed by {Node}, which has ended; it will be started again.")]
    private partial void LogAgain(string runId, string node);
}
