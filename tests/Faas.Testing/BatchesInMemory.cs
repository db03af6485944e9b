using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;

namespace Faas.Testing;

/// <summary>
/// A store of batches in memory, beside that of their runs, for tests that need none of Redis. Runs that have ended since the last look
/// count as ended in the order of their inputs. Safe from any thread.
/// </summary>
public sealed class BatchesInMemory(KeptRunsInMemory runs) : IBatches
{
    private const int ReadAtOnce = 3;
    private readonly Lock _gate = new();
    private readonly List<(Batch Batch, List<string> Ends)> _batches = [];
    private readonly Dictionary<string, (string Id, string Print)> _once = [];

    /// <inheritdoc/>
    public async Task<KeptClaim> AcceptAsync(
        string id, KeptOnce? once, KeptCall asked, IReadOnlyList<ReadOnlyMemory<byte>> inputs, CancellationToken cancellation)
    {
        Fail();
        lock (_gate)
        {
            if (once is not null && _once.TryGetValue(once.Name, out var known))
            {
                return new KeptClaim(KeptAcceptance.Accepted, known.Id, known.Print == once.Print);
            }

            if (runs.Acceptance != KeptAcceptance.Accepted)
            {
                return new KeptClaim(runs.Acceptance, id, IsSame: true);
            }

            if (once is not null)
            {
                _once[once.Name] = (id, once.Print);
            }

            _batches.Add((new Batch(id, _batches.Count + 1, asked, inputs.Count), []));
        }

        foreach (var (index, input) in inputs.Index())
        {
            var call = asked with { Batch = id, Index = index, InputBytes = input.Length };
            await runs.AcceptAsync(BatchIds.RunOf(id, index), call, input, cancellation);
        }

        return new KeptClaim(KeptAcceptance.Accepted, id, IsSame: true);
    }

    /// <inheritdoc/>
    public Task<Batch?> FindAsync(string id, CancellationToken cancellation)
    {
        Fail();
        lock (_gate)
        {
            return Task.FromResult(_batches.Where(one => one.Batch.Id == id).Select(Counted).FirstOrDefault());
        }
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<Batch> Batches, long? Next)> PageAsync(
        BatchFilter filter, int most, long? before, CancellationToken cancellation)
    {
        Fail();
        lock (_gate)
        {
            var all = _batches.Select(Counted).Where(batch => filter.Includes(batch) && (before is null || batch.Number < before))
                .Reverse().ToList();
            return Task.FromResult<(IReadOnlyList<Batch>, long?)>(
                all.Count > most ? (all[..most], all[most - 1].Number) : (all, null));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<BatchRun>> RunsAsync(string id, int first, int count, CancellationToken cancellation)
    {
        Fail();
        return Task.FromResult<IReadOnlyList<BatchRun>>(
            [.. Enumerable.Range(first, count).Select(index => RunOf(BatchIds.RunOf(id, index), index))]);
    }

    /// <inheritdoc/>
    public Task<BatchReading?> ReadAsync(string id, long after, CancellationToken cancellation)
    {
        Fail();
        lock (_gate)
        {
            if (!_batches.Exists(one => one.Batch.Id == id))
            {
                return Task.FromResult<BatchReading?>(null);
            }

            var known = _batches.Find(one => one.Batch.Id == id);
            var batch = Counted(known);
            var ends = known.Ends.Index().Skip((int)after).Take(ReadAtOnce).Select(end => EndOf(batch, end.Index, end.Item)).ToList();
            return Task.FromResult<BatchReading?>(new BatchReading(batch, ends, ends.Count == ReadAtOnce));
        }
    }

    /// <summary>Forgets a batch, as if its time were over.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            _batches.RemoveAll(one => one.Batch.Id == id);
        }
    }

    private BatchEnd EndOf(Batch batch, int at, string id)
    {
        var index = Enumerable.Range(0, batch.Count).First(index => BatchIds.RunOf(batch.Id, index) == id);
        var run = RunOf(id, index);
        return new BatchEnd(at + 1, run.Run?.End?.Reason ?? "ok", run);
    }

    private BatchRun RunOf(string id, int index) => new(index, id, runs.All.FirstOrDefault(run => run.Id == id));

    private Batch Counted((Batch Batch, List<string> Ends) one)
    {
        var mine = runs.All.Where(run => run.Call.Batch == one.Batch.Id).ToList();
        var ended = mine.Where(run => run.Stage == RunStage.Ended).ToList();
        one.Ends.AddRange(ended.Select(run => run.Id).Except(one.Ends).ToList());
        return one.Batch with
        {
            Queued = mine.Count(run => run.Stage == RunStage.Queued),
            Running = mine.Count(run => run.Stage == RunStage.Running),
            Ended = one.Ends.Count,
            Reasons = ended.CountBy(run => run.End!.Reason).ToDictionary(),
        };
    }

    private void Fail()
    {
        if (runs.Failure is { } failure)
        {
            throw failure;
        }
    }
}
