using Faas.Actors.Runs.Kept;
using Faas.Actors.Telemetry;

namespace Faas.Actors.Storage;

/// <summary>A store of callbacks whose attempts are counted, where the store has noted them.</summary>
public sealed class MeasuredCallbacks(ICallbacks callbacks, KeptMeters meters) : ICallbacks
{
    /// <inheritdoc/>
    public Task<CallbackTurn> TakeAsync(TimeSpan lease, CancellationToken cancellation) => callbacks.TakeAsync(lease, cancellation);

    /// <inheritdoc/>
    public async Task<bool> NoteAsync(string id, int attempt, CallbackNote note, CancellationToken cancellation)
    {
        var isNoted = await callbacks.NoteAsync(id, attempt, note, cancellation);
        if (isNoted)
        {
            meters.Called(note.State);
        }

        return isNoted;
    }

    /// <inheritdoc/>
    public Task<CallbackRenewal> SendAgainAsync(string id, CancellationToken cancellation) => callbacks.SendAgainAsync(id, cancellation);
}
