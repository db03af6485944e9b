using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;

namespace Faas.Actors.Tests.Storage.Redis;

/// <summary>What kept runs are to do, in plain lists.</summary>
internal sealed class KeptRunsOnPaper(KeptRunsOptions options)
{
    private readonly List<Run> _runs = [];
    private readonly List<string> _turns = [];
    private readonly List<Run> _ended = [];
    private readonly List<Run> _due = [];

    /// <summary>Every run that was ever accepted.</summary>
    public List<string> All { get; } = [];

    public KeptAcceptance Accept(string id, string path, int priority, bool isLate)
    {
        var waiting = _runs.Where(run => run.Stage == RunStage.Queued).ToList();
        if (waiting.Count >= options.Queue)
        {
            return KeptAcceptance.QueueFull;
        }

        if (waiting.Count(run => run.Path == path) >= options.QueuePerPath)
        {
            return KeptAcceptance.PathFull;
        }

        All.Add(id);
        _runs.Add(new Run(id, path, priority, isLate));
        if (!isLate)
        {
            Joins(path);
        }

        return KeptAcceptance.Accepted;
    }

    /// <summary>All of them or none.</summary>
    public KeptAcceptance AcceptAll(IReadOnlyList<string> ids, string path, int priority, bool isLate)
    {
        var waiting = _runs.Where(run => run.Stage == RunStage.Queued).ToList();
        if (waiting.Count + ids.Count > options.Queue)
        {
            return KeptAcceptance.QueueFull;
        }

        if (waiting.Count(run => run.Path == path) + ids.Count > options.QueuePerPath)
        {
            return KeptAcceptance.PathFull;
        }

        foreach (var id in ids)
        {
            Accept(id, path, priority, isLate);
        }

        return KeptAcceptance.Accepted;
    }

    /// <summary>The runs that have ended, in the order of their ends.</summary>
    public IEnumerable<string> Ends => _ended.Select(run => run.Id);

    public RunStage? StageOf(string id) => _runs.Find(run => run.Id == id)?.Stage;

    public string? Seated(int seat) => _runs.Find(run => run.Seat == seat)?.Id;

    public string? Take(int seat)
    {
        if (Seated(seat) is { } had)
        {
            return had;
        }

        foreach (var due in _due.Where(run => run.Stage == RunStage.Queued))
        {
            due.IsLate = false;
            Joins(due.Path);
        }

        _due.Clear();
        if (_turns.Count == 0)
        {
            return null;
        }

        var path = _turns[0];
        var taken = Ready(path).OrderByDescending(run => run.Priority).First(); // a stable order: the first accepted of the highest
        (taken.Stage, taken.Seat, taken.Attempt) = (RunStage.Running, seat, taken.Attempt + 1);
        _turns.RemoveAt(0);
        if (Ready(path).Any())
        {
            _turns.Add(path);
        }

        return taken.Id;
    }

    public void End(int seat) => Finish(_runs.Single(run => run.Seat == seat));

    /// <summary>Why the next run is not accepted; empty: it is; null: the run was cancelled, and has none.</summary>
    public string? HandOver(int seat, string next, string path)
    {
        var run = _runs.Single(run => run.Seat == seat);
        var refused = run.IsMarked ? null : Accept(next, path, KeptCall.UsualPriority, isLate: false) switch
        {
            KeptAcceptance.Accepted => "",
            KeptAcceptance.QueueFull => "queue full",
            _ => "path full",
        };
        Finish(run);
        return refused;
    }

    public void Return(int seat)
    {
        var run = _runs.Single(run => run.Seat == seat);
        (run.Seat, run.Attempt) = (null, run.Attempt - 1);
        if (run.IsMarked)
        {
            Finish(run);
            return;
        }

        run.Stage = RunStage.Queued;
        run.IsLate = false;
        Joins(run.Path);
    }

    public KeptRetry Retry(int seat, bool isLate)
    {
        var run = _runs.Single(run => run.Seat == seat);
        if (run.IsMarked)
        {
            Finish(run);
            return KeptRetry.Ended;
        }

        (run.Seat, run.Stage, run.IsLate) = (null, RunStage.Queued, true);
        if (!isLate)
        {
            _due.Add(run);
        }

        return KeptRetry.Waits;
    }

    public KeptCancellation Cancel(string id)
    {
        var run = _runs.Find(run => run.Id == id);
        switch (run?.Stage)
        {
            case null:
                return KeptCancellation.Unknown;
            case RunStage.Ended:
                return KeptCancellation.HadEnded;
            case RunStage.Running:
                run.IsMarked = true;
                return KeptCancellation.Marked;
            default:
                run.Stage = RunStage.Ended;
                if (!Ready(run.Path).Any())
                {
                    _turns.Remove(run.Path);
                }

                Finish(run);
                return KeptCancellation.Ended;
        }
    }

    public IEnumerable<(string, RunStage, int)> Records() => _runs.AsEnumerable().Reverse().Select(run => (run.Id, run.Stage, run.Attempt));

    public IEnumerable<(int, string)> Running() =>
        _runs.Where(run => run.Seat is not null).Select(run => (run.Seat!.Value, run.Id)).Order();

    private IEnumerable<Run> Ready(string path) =>
        _runs.Where(run => run is { Stage: RunStage.Queued, IsLate: false } && run.Path == path);

    private void Joins(string path)
    {
        if (!_turns.Contains(path))
        {
            _turns.Add(path);
        }
    }

    private void Finish(Run run)
    {
        (run.Stage, run.Seat) = (RunStage.Ended, null);
        _ended.Add(run);
        if (_ended.Count > options.Count)
        {
            _runs.Remove(_ended[0]);
            _ended.RemoveAt(0);
        }
    }

    private sealed class Run(string id, string path, int priority, bool isLate)
    {
        public string Id => id;

        public string Path => path;

        public int Priority => priority;

        public bool IsLate { get; set; } = isLate;

        public bool IsMarked { get; set; }

        public RunStage Stage { get; set; } = RunStage.Queued;

        public int? Seat { get; set; }

        public int Attempt { get; set; }
    }
}
