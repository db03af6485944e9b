using System.Diagnostics.CodeAnalysis;
using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// The calls without a sandbox.
/// <para>
/// Theory of operation. A waiting call stands in several orders at once, each a linked list of which it knows its
/// node, so that joining and leaving cost the same with ten and with 100,000 waiters: all calls by arrival (for
/// timeouts), the calls for one code by arrival (for a bound sandbox that comes free), and its lane. Lanes take
/// turns: the one that got something goes to the back, so the front one is always that which was served least
/// recently, among all (<see cref="NextLane"/>) and among those of one runtime. A call that waits for a sandbox of its
/// own code alone is *patient*: it stands in no lane yet. A call for which a sandbox is on its way is *promised*: it has
/// left its lane and stands in its runtime's line of promises, and no longer counts as queued.
/// </para>
/// </summary>
internal sealed class WaitingCalls
{
    private static readonly int s_runtimes = Enum.GetValues<Runtime>().Length;

    private readonly LinkedList<PooledRun> _byArrival = new();
    private readonly CallsByCode _byCode = new();
    private readonly CallsByCode _patientByCode = new();
    private readonly Dictionary<(string Queue, Runtime Runtime), Lane> _lanes = [];
    private readonly LinkedList<Lane> _round = new();
    private readonly LinkedList<Lane>[] _rounds = [.. Enumerable.Range(0, s_runtimes).Select(_ => new LinkedList<Lane>())];
    private readonly LinkedList<PooledRun>[] _patient = [.. Enumerable.Range(0, s_runtimes).Select(_ => new LinkedList<PooledRun>())];
    private readonly LinkedList<PooledRun>[] _promised = [.. Enumerable.Range(0, s_runtimes).Select(_ => new LinkedList<PooledRun>())];
    private readonly SortedSet<Lane> _byLength = new(Comparer<Lane>.Create(
        (a, b) => a.Calls.Count != b.Calls.Count ? a.Calls.Count.CompareTo(b.Calls.Count) : a.Number.CompareTo(b.Number)));

    private long _laneNumber;

    /// <summary>All who wait.</summary>
    public int Count => _byArrival.Count;

    /// <summary>Those who are patient.</summary>
    public int Patient => _patient.Sum(calls => calls.Count);

    /// <summary>Those in a lane: nothing is on its way for them.</summary>
    public int Queued { get; private set; }

    /// <summary>Who has waited longest; null: nobody waits.</summary>
    public PooledRun? Oldest => _byArrival.First?.Value;

    /// <summary>The lane whose turn it is.</summary>
    public Lane? NextLane => _round.First?.Value;

    /// <summary>The lane of this runtime whose turn it is.</summary>
    public Lane? NextLaneOf(Runtime runtime) => _rounds[(int)runtime].First?.Value;

    /// <summary>The patient ones of this runtime, by arrival.</summary>
    public LinkedList<PooledRun> PatientOf(Runtime runtime) => _patient[(int)runtime];

    /// <summary>Calls for which a sandbox of this runtime is on its way, in the order in which they get it.</summary>
    public LinkedList<PooledRun> PromisedOf(Runtime runtime) => _promised[(int)runtime];

    /// <summary>The oldest call that a sandbox bound to this code can serve.</summary>
    public PooledRun? FirstFor(string code) => _byCode.First(code);

    /// <summary>The oldest call that waits for a sandbox of this code alone.</summary>
    public PooledRun? FirstPatientFor(string code) => _patientByCode.First(code);

    /// <summary>How many wait for this code.</summary>
    public int CountFor(string code) => _byCode.Count(code);

    /// <summary>Joins at the end of its lane.</summary>
    public void Add(PooledRun call)
    {
        Join(call);
        JoinLane(call);
    }

    /// <summary>Joins those who wait for a sandbox of their own code alone.</summary>
    public void AddPatient(PooledRun call)
    {
        Join(call);
        _patient[(int)call.Runtime].AddLast(call.Places!.InLine);
        _patientByCode.Add(call.Places.Patient);
    }

    /// <summary>A patient call waits no longer for its own code alone: it joins its lane.</summary>
    public void EndPatience(PooledRun call)
    {
        LeaveLine(call.Places!);
        JoinLane(call);
    }

    /// <summary>Leaves for good: it has a sandbox, or gives up.</summary>
    public void Remove(PooledRun call)
    {
        var places = call.Places!;
        _byArrival.Remove(places.ByArrival);
        _byCode.Remove(places.ByCode);
        LeaveLine(places);
        call.Places = null;
    }

    /// <summary>The lane's oldest call has a sandbox on its way: it moves to the line of promises, the lane to the back.</summary>
    public void Promise(Lane lane, TimeSpan now)
    {
        var places = lane.Head.Places!;
        TakeTurn(lane, now);
        LeaveLine(places);
        places.Promised = true;
        _promised[(int)lane.Runtime].AddLast(places.InLine);
    }

    /// <summary>The lane got something: it goes to the back of its rounds.</summary>
    public void TakeTurn(Lane lane, TimeSpan now)
    {
        lane.PassedOverSince = now;
        MoveToBack(_round, lane.Turn);
        MoveToBack(_rounds[(int)lane.Runtime], lane.RuntimeTurn);
    }

    /// <summary>Who must go when there are too many: the newest call of the longest lane.</summary>
    public bool TryFindNewestOfLongest([NotNullWhen(true)] out PooledRun? call)
    {
        call = _byLength.Max?.Calls.Last!.Value;
        return call is not null;
    }

    private static void MoveToBack(LinkedList<Lane> round, LinkedListNode<Lane> place)
    {
        round.Remove(place);
        round.AddLast(place);
    }

    private void Join(PooledRun call)
    {
        var places = call.Places = new WaiterPlaces(call);
        _byArrival.AddLast(places.ByArrival);
        _byCode.Add(places.ByCode);
    }

    private void JoinLane(PooledRun call)
    {
        var key = (call.Run.Queue, call.Runtime);
        if (!_lanes.TryGetValue(key, out var lane))
        {
            lane = new Lane(key.Queue, key.Runtime, _laneNumber++) { PassedOverSince = call.Arrived };
            _lanes.Add(key, lane);
            _round.AddLast(lane.Turn);
            _rounds[(int)lane.Runtime].AddLast(lane.RuntimeTurn);
        }

        call.Places!.Lane = lane;
        _byLength.Remove(lane);
        lane.Calls.AddLast(call.Places.InLine);
        _byLength.Add(lane);
        Queued++;
    }

    private void LeaveLine(WaiterPlaces places)
    {
        if (places.Promised || places.Lane is not { } lane)
        {
            places.InLine.List!.Remove(places.InLine);
            _patientByCode.Remove(places.Patient);
            return;
        }

        _byLength.Remove(lane);
        lane.Calls.Remove(places.InLine);
        Queued--;
        if (lane.Calls.Count > 0)
        {
            _byLength.Add(lane);
            return;
        }

        _lanes.Remove((lane.Queue, lane.Runtime));
        _round.Remove(lane.Turn);
        _rounds[(int)lane.Runtime].Remove(lane.RuntimeTurn);
    }
}
