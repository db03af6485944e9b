using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;

namespace Faas.Testing;

/// <summary>
/// A store of kept runs in memory for tests that need none of Redis: what waits goes in the order in which it was accepted. It can be
/// made to fail. Safe from any thread.
/// </summary>
public sealed partial class KeptRunsInMemory : IKeptRuns
{
    private readonly Lock _gate = new();
    private readonly List<KeptRun> _runs = [];
    private readonly Dictionary<KeptSeat, string> _running = [];
    private readonly HashSet<string> _marked = [];
    private readonly Dictionary<string, List<KeptPiece>> _pieces = [];
    private readonly Dictionary<string, (string Id, string Print)> _once = [];

    /// <summary>Is thrown by each method, before it does anything; null: they work.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What each method throws when it has done its work, as if its reply were lost; null: nothing.</summary>
    public Exception? LostReply { get; set; }

    /// <summary>What comes of adding a run.</summary>
    public KeptAcceptance Acceptance { get; set; }

    /// <summary>How many records a page looks at; one is short where few of these are wanted.</summary>
    public int PageReach { get; set; } = int.MaxValue;

    /// <summary>How often a worker has asked for a run.</summary>
    public int Takes { get; private set; }

    /// <summary>Every run.</summary>
    public IReadOnlyList<KeptRun> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _runs];
            }
        }
    }

    /// <inheritdoc/>
    public Task<KeptAcceptance> AcceptAsync(
        string id, KeptCall asked, ReadOnlyMemory<byte> input, CancellationToken cancellation) => DoAsync(() =>
    {
        if (Acceptance == KeptAcceptance.Accepted)
        {
            _runs.Add(new KeptRun(id, _runs.Count + 1, asked, RunStage.Queued) { Input = input });
        }

        return Acceptance;
    });

    /// <inheritdoc/>
    public Task<KeptClaim> ClaimAsync(
        string id, KeptOnce? once, KeptCall asked, ReadOnlyMemory<byte> input, KeptSeat? seat, CancellationToken cancellation) =>
        DoAsync(() =>
        {
            if (once is not null && _once.TryGetValue(once.Name, out var known))
            {
                return new KeptClaim(KeptAcceptance.Accepted, known.Id, known.Print == once.Print);
            }

            if (Acceptance == KeptAcceptance.Accepted)
            {
                if (once is not null)
                {
                    _once[once.Name] = (id, once.Print);
                }

                _runs.Add(new KeptRun(id, _runs.Count + 1, asked, seat is null ? RunStage.Queued : RunStage.Running)
                {
                    Input = input, Node = seat?.Node, Attempt = seat is null ? 0 : 1,
                });
                if (seat is not null)
                {
                    _running[seat] = id;
                }
            }

            return new KeptClaim(Acceptance, id, IsSame: true);
        });

    /// <inheritdoc/>
    public Task<KeptClaim> RedriveAsync(
        string old, string id, KeptCall asked, ReadOnlyMemory<byte> input, CancellationToken cancellation) => DoAsync(() =>
    {
        if (_runs.Find(run => run.Id == old)?.RedrivenBy is { } earlier)
        {
            return new KeptClaim(KeptAcceptance.Accepted, earlier, IsSame: true);
        }

        if (Acceptance == KeptAcceptance.Accepted)
        {
            Change(old, run => run with { RedrivenBy = id });
            _runs.Add(new KeptRun(id, _runs.Count + 1, asked, RunStage.Queued) { Input = input });
        }

        return new KeptClaim(Acceptance, id, IsSame: true);
    });

    /// <inheritdoc/>
    public Task WithdrawAsync(KeptSeat seat, string id, CancellationToken cancellation) => DoAsync(() =>
    {
        if (_running.GetValueOrDefault(seat) == id)
        {
            _running.Remove(seat);
            _runs.RemoveAll(run => run.Id == id);
            foreach (var name in _once.Where(known => known.Value.Id == id).Select(known => known.Key).ToList())
            {
                _once.Remove(name);
            }
        }

        return true;
    });

    /// <inheritdoc/>
    public Task KeepAsync(
        string id,
        KeptCall asked,
        ReadOnlyMemory<byte> input,
        string node,
        KeptOutcome outcome,
        CancellationToken cancellation) => DoAsync(() =>
    {
        _runs.Add(new KeptRun(id, _runs.Count + 1, asked, RunStage.Ended)
        {
            Input = input, Node = node, Attempt = 1, End = outcome.End, Result = outcome.Result,
        });
        Print(id, outcome.Output);
        return true;
    });

    /// <inheritdoc/>
    public Task<KeptTurn> TakeAsync(KeptSeat seat, CancellationToken cancellation) => DoAsync(() =>
    {
        Takes++;
        if (!_running.TryGetValue(seat, out var id))
        {
            if (_runs.Find(run => run.Stage == RunStage.Queued) is not { } next)
            {
                return new KeptTurn(null, null);
            }

            id = _running[seat] = next.Id;
            Change(id, run => run with { Stage = RunStage.Running, Node = seat.Node, Attempt = run.Attempt + 1 });
        }

        return new KeptTurn(_runs.Find(run => run.Id == id), null);
    });

    /// <inheritdoc/>
    public Task<bool> EndAsync(KeptSeat seat, string id, KeptOutcome outcome, CancellationToken cancellation) => DoAsync(() =>
    {
        if (_running.GetValueOrDefault(seat) != id)
        {
            return false;
        }

        _running.Remove(seat);
        Change(id, run => run with { Stage = RunStage.Ended, End = outcome.End, Result = outcome.Result });
        if (!_marked.Contains(id))
        {
            HandOn(id, outcome);
        }

        Print(id, outcome.Output);
        return true;
    });

    /// <inheritdoc/>
    /// <remarks>A run that waits for its next attempt does not wait for the delay.</remarks>
    public Task<KeptRetry> RetryAsync(
        KeptSeat seat, KeptRun run, KeptOutcome outcome, TimeSpan delay, CancellationToken cancellation) => DoAsync(() =>
    {
        if (_running.GetValueOrDefault(seat) != run.Id || _runs.Find(known => known.Id == run.Id)?.Attempt != run.Attempt)
        {
            return KeptRetry.NotOwn;
        }

        _running.Remove(seat);
        Print(run.Id, outcome.Output);
        if (_marked.Contains(run.Id))
        {
            Change(run.Id, known => known with { Stage = RunStage.Ended, End = outcome.End });
            return KeptRetry.Ended;
        }

        Change(run.Id, known => known with
        {
            Stage = RunStage.Queued,
            Node = null,
            Failure = new KeptFailure(outcome.End.Reason, outcome.End.Detail) { At = DateTimeOffset.UnixEpoch },
            RetryAt = DateTimeOffset.UnixEpoch + delay,
        });
        return KeptRetry.Waits;
    });

    /// <inheritdoc/>
    public Task<bool> AppendAsync(
        KeptSeat seat, string id, IReadOnlyList<KeptPiece> pieces, CancellationToken cancellation) => DoAsync(() =>
    {
        if (_running.GetValueOrDefault(seat) != id)
        {
            return false;
        }

        Print(id, new KeptRest(pieces, null));
        return true;
    });

    /// <inheritdoc/>
    public Task ReturnAsync(KeptSeat seat, string id, CancellationToken cancellation) => DoAsync(() =>
    {
        if (_running.GetValueOrDefault(seat) == id)
        {
            _running.Remove(seat);
            Change(id, run => run with { Stage = RunStage.Queued, Node = null, Attempt = run.Attempt - 1, Returns = run.Returns + 1 });
        }

        return true;
    });

    /// <inheritdoc/>
    public Task<KeptCancellation> CancelAsync(string id, CancellationToken cancellation) => DoAsync(() =>
    {
        switch (_runs.Find(run => run.Id == id)?.Stage)
        {
            case null:
                return KeptCancellation.Unknown;
            case RunStage.Ended:
                return KeptCancellation.HadEnded;
            case RunStage.Running:
                _marked.Add(id);
                return KeptCancellation.Marked;
            default:
                Change(id, run => run with
                {
                    Stage = RunStage.Ended, End = run.Attempt > 0 ? KeptEnd.CancelledBetweenAttempts : KeptEnd.Cancelled,
                });
                return KeptCancellation.Ended;
        }
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<(KeptSeat Seat, string Id)>> RunningAsync(CancellationToken cancellation) =>
        DoAsync<IReadOnlyList<(KeptSeat, string)>>(() => [.. _running.Select(run => (run.Key, run.Value))]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<(KeptSeat Seat, string Id)>> MarkedAsync(CancellationToken cancellation) =>
        DoAsync<IReadOnlyList<(KeptSeat, string)>>(
            () => [.. _running.Where(run => _marked.Contains(run.Value)).Select(run => (run.Key, run.Value))]);

    /// <inheritdoc/>
    public Task<KeptRun?> FindAsync(string id, CancellationToken cancellation) => DoAsync(() => Shown(_runs.Find(run => run.Id == id)));

    /// <inheritdoc/>
    public Task<KeptRun?> LookAsync(string id, CancellationToken cancellation) => FindAsync(id, cancellation);

    /// <inheritdoc/>
    public Task<KeptReading?> ReadAsync(string id, long after, CancellationToken cancellation) => DoAsync(() =>
    {
        if (_runs.Find(run => run.Id == id) is not { } run)
        {
            return null;
        }

        var all = _pieces.GetValueOrDefault(id) ?? [];
        var pieces = all.Where(piece => piece.Last > after).ToList();
        var next = pieces.Count > 0 ? pieces[0].First : run.Stage == RunStage.Ended ? run.Lines + 1 : after + 1;
        var isTrimmed = next > after + 1 && !all.Exists(piece => piece.Last <= after);
        return (KeptReading?)new KeptReading(run, [.. pieces.Take(1)], pieces.Count > 1, isTrimmed);
    });

    /// <summary>Changes a run, as if it had been accepted so.</summary>
    public void Edit(string id, Func<KeptRun, KeptRun> change)
    {
        lock (_gate)
        {
            Change(id, change);
        }
    }

    /// <summary>Forgets a run, as if its time were over.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            _runs.RemoveAll(run => run.Id == id);
        }
    }

    /// <summary>Drops the oldest piece of what a run has printed.</summary>
    public void Trim(string id)
    {
        lock (_gate)
        {
            _pieces[id].RemoveAt(0);
            Print(id, KeptRest.None);
        }
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<KeptRun> Runs, long? Next)> PageAsync(
        RunFilter filter, int most, long? before, CancellationToken cancellation) => DoAsync<(IReadOnlyList<KeptRun>, long?)>(() =>
    {
        var seen = _runs.Where(run => before is null || run.Number < before).Reverse().ToList();
        var all = seen.Take(PageReach).Where(run => filter.Includes(run.Facts)).ToList();
        return all.Count > most ? (all[..most], all[most - 1].Number)
            : seen.Count > PageReach ? (all, seen[PageReach - 1].Number)
            : (all, null);
    });

    /// <inheritdoc/>
    public Task<KeptLevels> LevelsAsync(CancellationToken cancellation) => DoAsync(() => new KeptLevels(
        _runs.Count(run => run.Stage == RunStage.Queued), 0, null, _runs.Count(run => run.Stage == RunStage.Ended), 0, 0));

    /// <inheritdoc/>
    public Task CleanAsync(CancellationToken cancellation) => DoAsync(() => true);

    private void HandOn(string id, KeptOutcome outcome)
    {
        if (outcome.Next is { } next && Acceptance == KeptAcceptance.Accepted)
        {
            _runs.Add(new KeptRun(next.Id, _runs.Count + 1, next.Call, RunStage.Queued) { Input = next.Input });
            Change(id, run => run with { Next = next.Id });
        }
        else
        {
            Change(id, run => run with { NextRefused = outcome.Next?.Refusals[(int)Acceptance] ?? outcome.NextRefused });
        }
    }

    private void Print(string id, KeptRest output)
    {
        var pieces = _pieces.TryGetValue(id, out var known) ? known : _pieces[id] = [];
        pieces.AddRange(output.Pieces.Where(piece => pieces.Count == 0 || piece.Last > pieces[^1].Last));
        Change(id, run => (run with { Lines = output.Lines ?? run.Lines }).With(pieces));
    }

    private void Change(string id, Func<KeptRun, KeptRun> change)
    {
        var at = _runs.FindIndex(run => run.Id == id);
        _runs[at] = WithCallback(change(_runs[at]));
    }

    private Task<T> DoAsync<T>(Func<T> step)
    {
        lock (_gate)
        {
            if (Failure is { } failure)
            {
                return Task.FromException<T>(failure);
            }

            var done = step();
            return LostReply is { } lost ? Task.FromException<T>(lost) : Task.FromResult(done);
        }
    }
}
