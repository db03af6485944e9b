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
                    return Refusal.Conflict($"The run \"{id}\" has not ended; its callback is sent when it has.");
                case CallbackRenewal.None:
                    return Refusal.Conflict($"The run \"{id}\" has no callback.");
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
}
