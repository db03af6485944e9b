using System.Collections.Immutable;
using Faas.Actors.Lending;

namespace Faas.Actors.Secrets;

/// <summary>A node asks for the secrets. The reply is <see cref="SecretsLent"/>, or none if it may not have them.</summary>
/// <param name="Known">The revision that it has; null: none.</param>
/// <param name="Asked">When it asked, by its own clock.</param>
public sealed record BorrowSecrets(long? Known, long Asked) : ISecretRequest, IBorrow;

/// <summary>The node may serve the secrets for a while, counted from the moment when it asked.</summary>
/// <param name="Revision">The number of the last change.</param>
/// <param name="For">How long; zero: until the loan of the revision before is over.</param>
/// <param name="Asked">When it asked, by its clock; 0: it did not.</param>
/// <param name="Secrets">The secrets; null: the node has this revision.</param>
public sealed record SecretsLent(long Revision, TimeSpan For, long Asked, ImmutableArray<StoredSecret>? Secrets)
    : Lent(SecretsActor.StateId, Revision, For, Asked)
{
    /// <summary>The secrets; null: the node has this revision.</summary>
    public SecretsState? ToState() => Secrets is { } all ? SecretsState.Of(all) : null;
}
