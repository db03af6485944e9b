using System.Collections.Concurrent;
using Akka.Actor;

namespace Faas.Actors.Forwarding;

/// <summary>Where the other nodes take runs. Safe from any thread.</summary>
internal sealed class OtherExchanges
{
    private readonly ConcurrentDictionary<string, IActorRef> _all = [];

    /// <summary>Whether any other node has told where.</summary>
    public bool IsEmpty => _all.IsEmpty;

    /// <summary>The <see cref="NodeExchange"/> of this node; set before the first run comes.</summary>
    public IActorRef Own { get; set; } = ActorRefs.Nobody;

    /// <summary>A node takes runs there.</summary>
    public void Set(string node, IActorRef exchange) => _all[node] = exchange;

    /// <summary>A node is gone.</summary>
    public void Remove(string node) => _all.TryRemove(node, out _);

    /// <summary>Where a node takes runs; null: it is gone.</summary>
    public IActorRef? Find(string node) => _all.GetValueOrDefault(node);
}
