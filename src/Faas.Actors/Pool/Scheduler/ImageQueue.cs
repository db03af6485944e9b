using System.Diagnostics.CodeAnalysis;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>The runs of one image that wait and have no promise of a sandbox: the patient ones and those in lanes.</summary>
internal sealed class ImageQueue
{
    private readonly Dictionary<string, Lane> _lanes = [];
    private readonly LinkedList<Lane> _round = new();
    private readonly LinkedList<PooledRun> _patient = new();

    /// <summary>Whether no run waits here.</summary>
    public bool IsEmpty => _lanes.Count == 0 && _patient.Count == 0;

    /// <summary>The lane whose turn it is among the lanes of this image.</summary>
    public Lane? NextLane => _round.First?.Value;

    /// <summary>The patient run that arrived first.</summary>
    public PooledRun? FirstPatient => _patient.First?.Value;

    /// <summary>Finds the lane of this name.</summary>
    public bool TryGetLane(string name, [NotNullWhen(true)] out Lane? lane) => _lanes.TryGetValue(name, out lane);

    /// <summary>Adds a lane, at the back of the round.</summary>
    public void Add(Lane lane)
    {
        _lanes.Add(lane.Name, lane);
        _round.AddLast(lane.ImageTurn);
    }

    /// <summary>Removes a lane.</summary>
    public void Remove(Lane lane)
    {
        _lanes.Remove(lane.Name);
        _round.Remove(lane.ImageTurn);
    }

    /// <summary>Moves a lane to the back of the round.</summary>
    public void MoveToBack(Lane lane)
    {
        _round.Remove(lane.ImageTurn);
        _round.AddLast(lane.ImageTurn);
    }

    /// <summary>Adds a run to the patient ones.</summary>
    public void AddPatient(LinkedListNode<PooledRun> place) => _patient.AddLast(place);

    /// <summary>Removes a run from the patient ones.</summary>
    public void RemovePatient(LinkedListNode<PooledRun> place) => _patient.Remove(place);
}
