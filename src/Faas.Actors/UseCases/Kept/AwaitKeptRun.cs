using System.Diagnostics;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Waits for the end of a kept run, for a time. A worker of this server tells of it at once; the end of a run that another server has taken
/// is found by looking into the store now and then.
/// </summary>
public sealed class AwaitKeptRun(IKeptRuns runs, KeptEnds ends)
{
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(250);

    /// <summary>How far the run has come; null: it is not kept any more, or the store does not answer.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public async Task<RunStage?> StageAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return (await runs.LookAsync(id, cancellation))?.Stage;
        }
        catch (StoreException)
        {
            return null;
        }
    }

    /// <summary>
    /// The record of the run once it has ended; null: it has not ended in time, is not kept any more, or the store does not answer.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="atMost">How long to wait.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the run goes on.</param>
    public async Task<KeptRun?> ExecuteAsync(string id, TimeSpan atMost, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        var ended = ends.Of(id);
        try
        {
            while (true)
            {
                // The first look finds what has ended before anyone waited for it.
                var run = await runs.LookAsync(id, cancellation);
                if (run is null or { Stage: RunStage.Ended })
                {
                    return run is null ? null : await runs.FindAsync(id, cancellation);
                }

                var left = atMost - Stopwatch.GetElapsedTime(begun);
                if (left <= TimeSpan.Zero)
                {
                    return null;
                }

                var look = Task.Delay(left < s_betweenLooks ? left : s_betweenLooks, cancellation);
                await Task.WhenAny(ended.IsCompleted ? look : ended, look);
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (StoreException)
        {
            return null;
        }
        finally
        {
            ends.Forget(id);
        }
    }
}
