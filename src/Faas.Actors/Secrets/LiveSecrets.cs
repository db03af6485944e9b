using System.Collections.Immutable;

namespace Faas.Actors.Secrets;

/// <summary>
/// The secrets, encrypted and readable from any thread, so that no call asks an actor or the store for them. The secrets' actor shows them
/// here once they are durable, and before it replies to the caller who changed them.
/// </summary>
public sealed class LiveSecrets
{
    private volatile ImmutableSortedDictionary<string, StoredSecret> _secrets = SecretsState.Empty.Secrets;

    /// <summary>All of them, by name.</summary>
    public ImmutableSortedDictionary<string, StoredSecret> ByName => _secrets;

    /// <summary>The secrets' actor shows its state.</summary>
    public void Show(SecretsState state) => _secrets = state.Secrets;
}
