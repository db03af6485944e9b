using Faas.Actors.Keys;

namespace Faas.Http.Access;

/// <summary>
/// Every key that is in force: those of the settings, and those that calls have made. A key that a call makes or ends counts from the next
/// request on.
/// </summary>
public sealed class KeysInForce(AccessOptions access, LiveKeys live)
{
    private volatile Known _known = new([], access.Keys);

    /// <summary>Whether the server asks for keys. Only keys of the settings can make it do so.</summary>
    public bool AreNeeded => !access.Keys.IsEmpty;

    /// <summary>The keys.</summary>
    public KeyRing Ring
    {
        get
        {
            var stored = live.Keys;
            if (!ReferenceEquals(_known.Stored, stored))
            {
                // Two requests that come at once may both do this; the result is the same.
                _known = new Known(stored, new KeyRing([.. access.Keys.Keys, .. stored.Select(ApiKey.Of)]));
            }

            return _known.Ring;
        }
    }

    private sealed record Known(IReadOnlyList<StoredKey> Stored, KeyRing Ring);
}
