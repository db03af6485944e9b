using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// The queued runs of one <see cref="Run.Queue"/> and one image, first come, first served. Lanes take turns, so a long
/// lane does not hold up a short one.
/// </summary>
internal sealed class Lane
{
    private readonly LinkedList<PooledRun> _runs = new();

    /// <summary>Makes an empty lane.</summary>
    /// <param name="name">The <see cref="Run.Queue"/> of its runs.</param>
    /// <param name="image">The image that its runs need.</param>
    /// <param name="number">Unique; orders lanes of the same length.</param>
    public Lane(string name, PooledImage image, long number)
    {
        (Name, Image, Number) = (name, image, number);
        Turn = new LinkedListNode<Lane>(this);
        ImageTurn = new LinkedListNode<Lane>(this);
    }

    /// <summary>The <see cref="Run.Queue"/> of its runs.</summary>
    public string Name { get; }

    /// <summary>The image that its runs need.</summary>
    public PooledImage Image { get; }

    /// <summary>Unique.</summary>
    public long Number { get; }

    /// <summary>Its place in the round of all lanes.</summary>
    public LinkedListNode<Lane> Turn { get; }

    /// <summary>Its place in the round of its image's lanes.</summary>
    public LinkedListNode<Lane> ImageTurn { get; }

    /// <summary>How many runs it holds; not 0 while the lane is in a round.</summary>
    public int Count => _runs.Count;

    /// <summary>The run that is served next.</summary>
    public PooledRun Head => _runs.First!.Value;

    /// <summary>The run that joined last.</summary>
    public PooledRun Newest => _runs.Last!.Value;

    /// <summary>When one of its runs last got a sandbox or the promise of one; before that, when its first run arrived.</summary>
    public TimeSpan PassedOverSince { get; set; }

    /// <summary>A run joins at the end.</summary>
    public void Add(LinkedListNode<PooledRun> place) => _runs.AddLast(place);

    /// <summary>A run leaves.</summary>
    public void Remove(LinkedListNode<PooledRun> place) => _runs.Remove(place);
}
