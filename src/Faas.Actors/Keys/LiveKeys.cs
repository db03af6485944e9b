namespace Faas.Actors.Keys;

/// <summary>
/// The keys that were made by calls, readable from any thread, so that no call asks an actor or the store who its caller is. The keys'
/// actor shows them here once they are durable, and before it replies to the caller who changed them.
/// </summary>
public sealed class LiveKeys
{
    private volatile IReadOnlyList<StoredKey> _keys = [];

    /// <summary>All of them, by name. Another object after each change.</summary>
    public IReadOnlyList<StoredKey> Keys => _keys;

    /// <summary>The keys' actor shows its state.</summary>
    public void Show(KeysState state) => _keys = [.. state.Keys.Values];
}
