namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// The runs that have no sandbox yet.
/// <para>
/// Theory of operation. A waiting run stands in several orders at once. Each is a linked list, and the run knows its
/// node in it, so joining and leaving cost the same with ten and with 100,000 runs. The orders are: all runs by arrival
/// (for timeouts), the runs of one binding key by arrival (for a bound sandbox that comes free), and one of three lines.
/// A *patient* run waits for a sandbox of its own binding alone and stands in no lane yet. A *queued* run stands in its
/// lane. A *promised* run has left its lane, because a sandbox is on its way for it (<see cref="Promises"/>), and no longer
/// counts as queued.
/// </para>
/// <para>
/// Lanes take turns: a lane that got something goes to the back, so the front lane is the one that was served least
/// recently, among all lanes (<see cref="NextLane"/>) and among those of one image (<see cref="ImageQueue.NextLane"/>).
/// </para>
/// </summary>
internal sealed class RunQueue
{
    private readonly LinkedList<PooledRun> _byArrival = new();
    private readonly RunsByBinding _byBinding = new();
    private readonly RunsByBinding _patientByBinding = new();
    private readonly LinkedList<Lane> _round = new();
    private readonly SortedSet<Lane> _byLength = new(Comparer<Lane>.Create(
        (a, b) => a.Count != b.Count ? a.Count.CompareTo(b.Count) : a.Number.CompareTo(b.Number)));

    private long _laneNumber;

    /// <summary>All runs that wait.</summary>
    public int Count => _byArrival.Count;

    /// <summary>The patient runs.</summary>
    public int Patient { get; private set; }

    /// <summary>The runs in lanes: nothing is on its way for them.</summary>
    public int Queued { get; private set; }

    /// <summary>The run that has waited longest; null: no run waits.</summary>
    public PooledRun? Oldest => _byArrival.First?.Value;

    /// <summary>All runs that wait, by arrival.</summary>
    public IEnumerable<PooledRun> All => _byArrival;

    /// <summary>The lane whose turn it is.</summary>
    public Lane? NextLane => _round.First?.Value;

    /// <summary>The newest run of the longest lane: the one to refuse when there are too many.</summary>
    public PooledRun? NewestOfLongestLane => _byLength.Max?.Newest;

    /// <summary>The oldest run that a sandbox bound to this key can serve.</summary>
    public PooledRun? FirstFor(string key) => _byBinding.First(key);

    /// <summary>The oldest run of this binding key that was promised a sandbox.</summary>
    public PooledRun? FirstPromisedFor(string key) => _byBinding.All(key).FirstOrDefault(run => run.Places!.IsPromised);

    /// <summary>The oldest patient run of this binding key.</summary>
    public PooledRun? FirstPatientFor(string key) => _patientByBinding.First(key);

    /// <summary>How many runs of this binding key wait.</summary>
    public int CountFor(string key) => _byBinding.Count(key);

    /// <summary>Whether a run of this binding key waits for another sandbox than those that are bound to it.</summary>
    public bool HasImpatientFor(string key) => _byBinding.Count(key) > _patientByBinding.Count(key);

    /// <summary>A run joins at the end of its lane.</summary>
    public void Add(PooledRun run)
    {
        Join(run);
        JoinLane(run);
    }

    /// <summary>A run joins the patient ones.</summary>
    public void AddPatient(PooledRun run)
    {
        var places = Join(run);
        run.Image.Queue.AddPatient(places.InLine);
        _patientByBinding.Add(places.PatientByBinding);
        Patient++;
    }

    /// <summary>A patient run joins its lane.</summary>
    public void EndPatience(PooledRun run)
    {
        LeaveLine(run);
        JoinLane(run);
    }

    /// <summary>The lane's oldest run is promised a sandbox: it leaves the lane, and the lane goes to the back.</summary>
    public void Promise(Lane lane, TimeSpan now)
    {
        var run = lane.Head;
        TakeTurn(lane, now);
        LeaveLine(run);
        run.Places!.IsPromised = true;
        run.Image.Promises.Add(run.Places.InLine);
    }

    /// <summary>The lane got something: it goes to the back.</summary>
    public void TakeTurn(Lane lane, TimeSpan now)
    {
        lane.PassedOverSince = now;
        _round.Remove(lane.Turn);
        _round.AddLast(lane.Turn);
        lane.Image.Queue.MoveToBack(lane);
    }

    /// <summary>A run leaves with a sandbox that was on its way for a promise, or was spare.</summary>
    public void Remove(PooledRun run)
    {
        _byArrival.Remove(run.Places!.ByArrival);
        _byBinding.Remove(run.Places.ByBinding);
        LeaveLine(run);
        run.Places = null;
    }

    /// <summary>A run leaves without what was on its way for it, which is left to the promises behind it, the stranded first.</summary>
    public void Withdraw(PooledRun run)
    {
        if (run.Places!.IsPromised)
        {
            run.Image.Promises.Resupply();
        }

        Remove(run);
    }

    /// <summary>A run leaves with a bound sandbox that came free. If it was queued, its lane has had its turn.</summary>
    public void Take(PooledRun run, TimeSpan now)
    {
        if (run.Places is { IsPromised: false, Lane: { } lane })
        {
            TakeTurn(lane, now);
        }

        Withdraw(run);
    }

    private QueuePlaces Join(PooledRun run)
    {
        var places = run.Places = new QueuePlaces(run);
        _byArrival.AddLast(places.ByArrival);
        _byBinding.Add(places.ByBinding);
        return places;
    }

    private void JoinLane(PooledRun run)
    {
        if (!run.Image.Queue.TryGetLane(run.Run.Queue, out var lane))
        {
            lane = new Lane(run.Run.Queue, run.Image, _laneNumber++) { PassedOverSince = run.Arrived };
            _round.AddLast(lane.Turn);
            lane.Image.Queue.Add(lane);
        }

        run.Places!.Lane = lane;
        _byLength.Remove(lane);
        lane.Add(run.Places.InLine);
        _byLength.Add(lane);
        Queued++;
    }

    private void LeaveLine(PooledRun run)
    {
        var places = run.Places!;
        if (places.IsPromised)
        {
            run.Image.Promises.Remove(places.InLine);
        }
        else if (places.Lane is { } lane)
        {
            LeaveLane(lane, places);
        }
        else
        {
            run.Image.Queue.RemovePatient(places.InLine);
            _patientByBinding.Remove(places.PatientByBinding);
            Patient--;
        }
    }

    private void LeaveLane(Lane lane, QueuePlaces places)
    {
        _byLength.Remove(lane);
        lane.Remove(places.InLine);
        Queued--;
        if (lane.Count > 0)
        {
            _byLength.Add(lane);
            return;
        }

        _round.Remove(lane.Turn);
        lane.Image.Queue.Remove(lane);
    }
}
