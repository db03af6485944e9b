using Akka.Actor.Setup;
using Faas.Actors.Storage.Redis;

namespace Faas.Actors.Storage.AkkaPlugins;

/// <summary>
/// Hands the server's shared connection to those Redis plugins of the actor system that have no <c>configuration-string</c> of their own.
/// </summary>
public sealed class RedisStoreSetup(RedisConnection connection) : Setup
{
    /// <summary>The shared connection; it belongs to the host, not to the actor system.</summary>
    public RedisConnection Connection { get; } = connection;
}
