using Faas.Actors.Keys;

namespace Faas.Http.Access;

/// <summary>
/// Every key that is in force: those of the settings, and those that calls have made. A key that a call makes or ends counts from the next
/// request on.
/// </summary>
public sealed class KeysInForce(AccessOptions access, LiveKeys live)
{
    private volatile Known _known = new(KeysState.Empty, access.Keys);

    /// <summary>Whether the server asks for keys. Only keys of the settings can make it do so.</summary>
    public bool AreNeeded => !access.Keys.IsEmpty;

    /// <summary>The keys.</summary>
    public KeyRing Ring
    {
        get
        {
            // Two requests at the same moment may leave the older ring here, which the next request replaces. Each returns the ring of
            // the keys that it has read itself, so a key that was ended before a request began never admits it.
            var (known, stored) = (_known, live.Current);
            if (stored is null)
            {
                return access.Keys with { IsWhole = false };
            }

            if (!ReferenceEquals(known.Stored, stored))
            {
                _known = known = new Known(stored, new KeyRing([.. access.Keys.Keys, .. stored.Keys.Values.Select(ApiKey.Of)]));
            }

            return known.Ring;
        }
    }

    private sealed record Known(KeysState Stored, KeyRing Ring);
}
