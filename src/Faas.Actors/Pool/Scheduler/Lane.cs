using Faas.Actors.Runs;
using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>The calls of one <see cref="Run.Queue"/> that wait for one runtime, first come first served: whom turns are taken between.</summary>
internal sealed class Lane
{
    /// <summary>Makes an empty lane.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="runtime">What its calls need.</param>
    /// <param name="number">Unique; orders lanes of the same length.</param>
    public Lane(string queue, Runtime runtime, long number)
    {
        (Queue, Runtime, Number) = (queue, runtime, number);
        Turn = new LinkedListNode<Lane>(this);
        RuntimeTurn = new LinkedListNode<Lane>(this);
    }

    /// <summary>The queue's name.</summary>
    public string Queue { get; }

    /// <summary>What its calls need.</summary>
    public Runtime Runtime { get; }

    /// <summary>Unique.</summary>
    public long Number { get; }

    /// <summary>Its place in the round of all lanes.</summary>
    public LinkedListNode<Lane> Turn { get; }

    /// <summary>Its place in the round of its runtime's lanes.</summary>
    public LinkedListNode<Lane> RuntimeTurn { get; }

    /// <summary>Its calls, oldest first; never empty while the lane is in a round.</summary>
    public LinkedList<PooledRun> Calls { get; } = new();

    /// <summary>The call whose turn it is next.</summary>
    public PooledRun Head => Calls.First!.Value;

    /// <summary>Since when nothing has been done for the lane: when one of its calls last got a sandbox or the promise of one, or its first call came.</summary>
    public TimeSpan PassedOverSince { get; set; }
}
