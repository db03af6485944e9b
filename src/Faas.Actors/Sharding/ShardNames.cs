using Akka.Cluster.Sharding;
using Faas.Actors.Keys;
using Faas.Actors.Lending;
using Faas.Actors.Scripts;
using Faas.Actors.Secrets;

namespace Faas.Actors.Sharding;

/// <summary>Which shard each durable actor of a cluster belongs to, and the name of that shard's lease.</summary>
public static class ShardNames
{
    /// <summary>The type of the scripts' shards.</summary>
    public const string Scripts = "scripts";

    /// <summary>The type of the shards of keys and secrets.</summary>
    public const string Settings = "settings";

    /// <summary>
    /// How many shards the scripts have. Every node must have the same number; ten for each node are enough to spread them, so this is for
    /// up to 25 nodes without loss, and for 100 with some.
    /// </summary>
    public const int Count = 256;

    /// <summary>Which script a message is for, and which shard the script is in.</summary>
    public static HashCodeMessageExtractor ScriptExtractor { get; } =
        HashCodeMessageExtractor.Create(Count, message => (message as IScriptRequest)?.Path);

    /// <summary>Keys and secrets have an actor each, in a shard of its own.</summary>
    public static Akka.Cluster.Sharding.IMessageExtractor SettingExtractor { get; } = new SettingShards();

    /// <summary>The name of the lease of a shard. Source: Akka.Cluster.Sharding, Shard.</summary>
    /// <param name="system">The name of the actor system.</param>
    /// <param name="type">The type of the shard.</param>
    /// <param name="shard">The shard.</param>
    public static string Lease(string system, string type, string shard) => $"{system}-shard-{type}-{shard}";

    /// <summary>The state (<see cref="IAuthority"/>) of the actor with this persistence id.</summary>
    public static string StateOf(string persistenceId) =>
        persistenceId.StartsWith(ScriptRegistry.PersistenceIdPrefix, StringComparison.Ordinal)
            ? persistenceId[ScriptRegistry.PersistenceIdPrefix.Length..]
            : $"/{persistenceId}";

    /// <summary>Whether a state is that of a script.</summary>
    public static bool IsScript(string state) => !state.StartsWith('/');

    private sealed class SettingShards : Akka.Cluster.Sharding.IMessageExtractor
    {
        public string? EntityId(object message) => message switch
        {
            IKeyRequest => KeysActor.Id,
            ISecretRequest => SecretsActor.Id,
            _ => null,
        };

        public object EntityMessage(object message) => message;

        public string? ShardId(object message) => EntityId(message);

        public string ShardId(string entityId, object? messageHint = null) => entityId;
    }
}
