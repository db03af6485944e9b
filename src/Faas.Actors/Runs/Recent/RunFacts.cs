using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Recent;

/// <summary>What a <see cref="RunFilter"/> looks at, of a run in memory or in the store.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Path">The script.</param>
/// <param name="Version">The version; null: the code is not stored.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="Reason">How it ended; null: it is under way.</param>
/// <param name="Language">What its code is written in.</param>
/// <param name="Start">Where its sandbox came from; null: it has none.</param>
/// <param name="Via">By which door its call came.</param>
/// <param name="Key">The name of its caller's key; null: the caller has none.</param>
public readonly record struct RunFacts(
    string Id, string Path, long? Version, RunStage Stage, string? Reason, Language Language, Warmth? Start, RunVia Via, string? Key)
{
    /// <summary>Whether it is kept, has failed without a caller that knows, and no other run has taken its place.</summary>
    public bool IsDead { get; init; }

    /// <summary>The schedule that has started it; null: a call has.</summary>
    public string? Schedule { get; init; }

    /// <summary>How far its callback has come; null: it has none.</summary>
    public CallbackState? Callback { get; init; }

    /// <summary>Whether a call of this id has asked for it.</summary>
    public bool IsOfCall(string callId) =>
        Id.Length > callId.Length && Id[callId.Length] == Run.IdSeparator && Id.StartsWith(callId, StringComparison.Ordinal);
}
