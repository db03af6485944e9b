using Faas.Actors.Json;
using Faas.Actors.Runs.Kept;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>Callbacks in Redis, in the records of the kept runs; what changes is done by <see cref="CallbackScripts"/>.</summary>
public sealed class RedisCallbacks(RedisConnection connection, StoreKeys keys) : ICallbacks
{
    /// <inheritdoc/>
    public async Task<CallbackTurn> TakeAsync(TimeSpan lease, CancellationToken cancellation)
    {
        var reply = await connection.EvaluateAsync(keys, CallbackScripts.Take, cancellation, (long)lease.TotalMilliseconds);
        return reply.Resp2Type != ResultType.Integer ? new CallbackTurn((string)reply[0]!, (int)reply[1], null)
            : (long)reply is >= 0 and var wait ? new CallbackTurn(null, 0, TimeSpan.FromMilliseconds(wait))
            : default;
    }

    /// <inheritdoc/>
    public async Task<bool> NoteAsync(string id, int attempt, CallbackNote note, CancellationToken cancellation) =>
        (int)await connection.EvaluateAsync(
            keys,
            CallbackScripts.Note,
            cancellation,
            id,
            attempt,
            note.State.ToWire(),
            (long)note.Delay.TotalMilliseconds,
            KeptJson.BytesOf(note.Answer)) == 1;

    /// <inheritdoc/>
    public async Task<CallbackRenewal> SendAgainAsync(string id, CancellationToken cancellation) =>
        (CallbackRenewal)(int)await connection.EvaluateAsync(keys, CallbackScripts.SendAgain, cancellation, id);
}
