namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// Says which entity a message is for. It has the members of the interface of the same name in Akka.Cluster.Sharding that
/// a parent on one node can use; what is missing, the shard, is for a cluster to choose.
/// </summary>
public interface IMessageExtractor
{
    /// <summary>The entity's id; null: the message is for no entity.</summary>
    string? EntityId(object message);

    /// <summary>What the entity receives: the message, without an envelope that only routing needs.</summary>
    object EntityMessage(object message);
}
