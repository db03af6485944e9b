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

    /// <summary>This node.</summary>
    public string OwnNode { get; set; } = "";

    /// <summary>The other nodes.</summary>
    public IReadOnlyCollection<string> Nodes => [.. _all.Keys];

    /// <summary>A node takes runs there. True: it did not before.</summary>
    public bool Set(string node, IActorRef exchange)
    {
        var isNew = _all.TryAdd(node, exchange);
        _all[node] = exchange;
        return isNew;
    }

    /// <summary>A node is gone. True: it took runs before.</summary>
    public bool Remove(string node) => _all.TryRemove(node, out _);

    /// <summary>Where a node takes runs; null: it is gone.</summary>
    public IActorRef? Find(string node) => _all.GetValueOrDefault(node);
}
