using System.Text.Json;
using Faas.Actors.Callbacks;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>How far the callback of a kept run has come.</summary>
/// <param name="Url">Where it is sent, without the query.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Attempts">How often it was sent since it became due, or was last asked for.</param>
public sealed record CallbackReply(string Url, CallbackState State, int Attempts)
{
    /// <summary>What the receiver has answered to the last attempt; left out: nothing.</summary>
    public int? LastStatus { get; init; }

    /// <summary>Why the last attempt had no answer; left out: it had one, or there was none.</summary>
    public string? LastError { get; init; }

    /// <summary>When it is sent next, UTC; left out: it is not, or the run has not ended.</summary>
    public DateTime? Next { get; init; }

    /// <summary>The same for a client; null: the run has none.</summary>
    public static CallbackReply? Of(KeptRun run) => run is not { Call.Callback: { } callback, Callback: { } delivery }
        ? null
        : new CallbackReply(callback.ShownUrl, delivery.State, delivery.Attempts)
        {
            LastStatus = delivery.Last?.Status,
            LastError = delivery.Last?.Error,
            Next = delivery.Next?.UtcDateTime,
        };
}

/// <summary>Writes the record that a callback has.</summary>
public sealed class CallbackRecord : ICallbackRecord
{
    /// <inheritdoc/>
    public byte[] BytesOf(KeptRun run)
    {
        // Without what may change after the end: each attempt sends the same bytes.
        var ended = new RunDetailReply(run) with { Callback = null, RedrivenBy = null, Dead = null };
        return JsonSerializer.SerializeToUtf8Bytes(ended, RunsJson.Default.RunDetailReply);
    }
}
