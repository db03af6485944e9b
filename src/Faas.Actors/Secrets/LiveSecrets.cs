using System.Collections.Immutable;
using Faas.Actors.Lending;

namespace Faas.Actors.Secrets;

/// <summary>
/// The secrets, encrypted and readable from any thread, so that no call asks an actor or the store for them. The secrets' actor shows them
/// here once they are durable, and before it replies to the caller who changed them.
/// </summary>
public sealed class LiveSecrets(IAuthority authority, TimeProvider time)
    : LiveState<SecretsState>(SecretsActor.StateId, SecretsState.Empty, authority, time)
{
    /// <summary>All of them, by name; empty also where this node does not know them.</summary>
    public ImmutableSortedDictionary<string, StoredSecret> ByName => (Current ?? SecretsState.Empty).Secrets;

    /// <summary>The secrets of a server that has its store for itself.</summary>
    public LiveSecrets()
        : this(SoleAuthority.Instance, TimeProvider.System)
    {
    }
}
