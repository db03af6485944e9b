using Faas.Actors.Runs.Recent;

namespace Faas.Actors.Runs.Kept;

/// <summary>How far the callback of a kept run has come.</summary>
/// <param name="State">In one word.</param>
/// <param name="Attempts">How often it was sent, since it became due or was last asked for.</param>
/// <param name="Last">What came of the last attempt; null: there was none, or its server ended before it knew.</param>
/// <param name="Next">When it is sent next, by the clock of the store; null: it is not.</param>
public sealed record CallbackDelivery(CallbackState State, int Attempts, CallbackAnswer? Last, DateTimeOffset? Next)
{
    /// <summary>That of a run that has not ended.</summary>
    public static CallbackDelivery Waiting { get; } = new(CallbackState.Pending, 0, null, null);
}

/// <summary>What came of one attempt. Serialization/SCHEMA.md has its stored form.</summary>
/// <param name="Status">The status that the receiver has answered; null: it has not answered.</param>
/// <param name="Error">Why it has not, in one line; null: it has.</param>
public sealed record CallbackAnswer(int? Status, string? Error);
