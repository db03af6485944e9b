namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// The runs of one image for which a sandbox is on its way, in the order in which they get one.
/// <para>
/// Theory of operation. Promises are counted, not tied to sandboxes: a run does not know which sandbox it will get, and
/// whichever is ready first serves the oldest promise. When a start fails, there is one sandbox too few. The pool then
/// either breaks a promise or counts one of the runs as *stranded* (<see cref="StrandedRuns"/>): it keeps its place here, but
/// nothing is on its way for it.
/// </para>
/// </summary>
internal sealed class Promises
{
    private readonly LinkedList<PooledRun> _runs = new();

    /// <summary>All runs that were promised a sandbox, the stranded ones included.</summary>
    public int Count => _runs.Count;

    /// <summary>Promises without supply.</summary>
    public int Stranded { get; private set; }

    /// <summary>Promises that a starting sandbox, or a slot about to come free, must keep.</summary>
    public int Owed => _runs.Count - Stranded;

    /// <summary>The oldest promise.</summary>
    public PooledRun? Oldest => _runs.First?.Value;

    /// <summary>The runs, the oldest promise first.</summary>
    public IReadOnlyCollection<PooledRun> Runs => _runs;

    /// <summary>A run is promised a sandbox.</summary>
    public void Add(LinkedListNode<PooledRun> place) => _runs.AddLast(place);

    /// <summary>A run leaves.</summary>
    public void Remove(LinkedListNode<PooledRun> place) => _runs.Remove(place);

    /// <summary>The supply of one promise is gone.</summary>
    public void Strand() => Stranded++;

    /// <summary>There is supply for one stranded promise, if there is one.</summary>
    public void Resupply() => Stranded = Math.Max(0, Stranded - 1);
}
