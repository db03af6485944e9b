using Faas.Actors.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases.Kept;

namespace Faas.Actors.UseCases.Callbacks;

/// <summary>
/// Has the callback of an ended run sent again, dead or delivered, with as many attempts as a new one has; one that waits for its next
/// attempt is sent at once. It keeps its id, by which a receiver that has had it knows it.
/// </summary>
public sealed class SendCallbackAgain(ICallbacks callbacks, IKeptRuns runs, KeptEnds ends)
{
    /// <summary>The run, or why its callback is not sent.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the callback may be sent all the same.</param>
    public async Task<OrRefusal<KeptRun>> ExecuteAsync(string id, CancellationToken cancellation)
    {
        try
        {
            switch (await callbacks.SendAgainAsync(id, cancellation))
            {
                case CallbackRenewal.Early:
                    return Refusal.Conflict($"The run \"{id}\" has not ended, and its callback is not due before.");
                case CallbackRenewal.None:
                    return Refusal.Conflict($"The run \"{id}\" has no callback.");
                case CallbackRenewal.Skipped:
                    return await SkippedAsync(id, cancellation);
                case CallbackRenewal.Due:
                    ends.Wake();
                    break;
                default:
                    return Refusal.NoKeptRun(id);
            }

            return await runs.FindAsync(id, cancellation) is { } run ? run : Refusal.NoKeptRun(id);
        }
        catch (StoreException)
        {
            return Refusal.Store("The store does not answer, so it is not certain whether the callback is sent.");
        }
    }

    private async Task<Refusal> SkippedAsync(string id, CancellationToken cancellation) =>
        await runs.LookAsync(id, cancellation) is { End: { } end, Call.Callback.On: { } on }
            ? Refusal.Conflict(
                $"The callback of the run \"{id}\" was skipped: its call wants to be told of the end \"{on.ToWire()}\" alone (\"on\"), "
                + $"and the run has ended with \"{end.Reason}\".")
            : Refusal.NoKeptRun(id);
}
