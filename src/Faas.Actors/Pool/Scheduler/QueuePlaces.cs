namespace Faas.Actors.Pool.Scheduler;

/// <summary>Where a waiting run stands in each order that <see cref="RunQueue"/> keeps, so that it can leave all of them at once.</summary>
internal sealed class QueuePlaces(PooledRun run)
{
    /// <summary>Its lane; null: it was never in one, because it is patient.</summary>
    public Lane? Lane { get; set; }

    /// <summary>A sandbox is on its way for it, so it has left its lane.</summary>
    public bool IsPromised { get; set; }

    /// <summary>Its place among all waiting runs.</summary>
    public LinkedListNode<PooledRun> ByArrival { get; } = new(run);

    /// <summary>Its place among the runs of its binding key; in no list if the run has no binding key.</summary>
    public LinkedListNode<PooledRun> ByBinding { get; } = new(run);

    /// <summary>Its place among the patient runs of its binding key; in no list if the run is not patient.</summary>
    public LinkedListNode<PooledRun> PatientByBinding { get; } = new(run);

    /// <summary>Its place in its one line: among the patient runs of its image, in its lane, or among the promises.</summary>
    public LinkedListNode<PooledRun> InLine { get; } = new(run);
}
