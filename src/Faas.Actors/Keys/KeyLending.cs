using System.Collections.Immutable;
using Faas.Actors.Lending;

namespace Faas.Actors.Keys;

/// <summary>A node asks for the keys. The reply is <see cref="KeysLent"/>, or none if it may not have them.</summary>
/// <param name="Known">The revision that it has; null: none.</param>
/// <param name="Asked">When it asked, by its own clock.</param>
public sealed record BorrowKeys(long? Known, long Asked) : IKeyRequest, IBorrow;

/// <summary>The node may serve the keys for a while, counted from the moment when it asked.</summary>
/// <param name="Revision">The number of the last change.</param>
/// <param name="For">How long; zero: until the loan of the revision before is over.</param>
/// <param name="Asked">When it asked, by its clock; 0: it did not.</param>
/// <param name="Keys">The keys; null: the node has this revision.</param>
public sealed record KeysLent(long Revision, TimeSpan For, long Asked, ImmutableArray<StoredKey>? Keys)
    : Lent(KeysActor.StateId, Revision, For, Asked)
{
    /// <summary>The keys; null: the node has this revision.</summary>
    public KeysState? ToState() => Keys is { } all ? KeysState.Of(all) : null;
}
