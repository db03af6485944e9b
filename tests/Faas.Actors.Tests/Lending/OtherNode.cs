using System.Collections.Concurrent;
using Akka.Actor;
using Faas.Actors.Lending;
using Faas.Actors.Threads;

namespace Faas.Actors.Tests.Lending;

/// <summary>What borrows for another node of a cluster, as a lender on this one sees it.</summary>
public sealed class OtherNode(string name) : LocalAddress(new RootActorPath(new Address("akka.tcp", "faas", name, 4053)) / "borrower")
{
    private readonly ConcurrentQueue<(object Message, IActorRef Sender)> _got = new();

    /// <summary>Whether it answers what it is sent.</summary>
    public bool IsSilent { get; set; }

    /// <summary>What it was sent, in this order.</summary>
    public IReadOnlyList<object> Got => [.. _got.Select(got => got.Message)];

    /// <inheritdoc/>
    public override void Tell(object message, IActorRef sender)
    {
        _got.Enqueue((message, sender));
        if (!IsSilent)
        {
            Answer(message, sender);
        }
    }

    /// <summary>It answers each message that it was sent.</summary>
    public void Wake()
    {
        IsSilent = false;
        foreach (var (message, sender) in _got)
        {
            Answer(message, sender);
        }
    }

    private void Answer(object message, IActorRef sender)
    {
        switch (message)
        {
            case Recall recall:
                sender.Tell(new Returned(recall.Id, recall.Number), this);
                break;
            case Lent { Asked: 0 } lent:
                sender.Tell(new Returned(lent.Id, lent.Revision), this);
                break;
            default:
                break;
        }
    }
}
