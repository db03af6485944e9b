using Faas.Actors.Lending;

namespace Faas.Actors.Keys;

/// <summary>
/// The keys that were made by calls, readable from any thread, so that no call asks an actor or the store who its caller is. The keys'
/// actor shows them here once they are durable, and before it replies to the caller who changed them.
/// </summary>
public sealed class LiveKeys(IAuthority authority, TimeProvider time)
    : LiveState<KeysState>(KeysActor.StateId, KeysState.Empty, authority, time)
{
    /// <summary>The keys of a server that has its store for itself.</summary>
    public LiveKeys()
        : this(SoleAuthority.Instance, TimeProvider.System)
    {
    }
}
