using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Faas.Actors.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;

namespace Faas.Actors.Telemetry;

/// <summary>
/// What becomes of kept runs at this server, and what waits in the store for all servers. The store is not asked when a listener collects
/// the levels: they are those that were noted last.
/// </summary>
public sealed class KeptMeters
{
    private static readonly KeyValuePair<string, object?> s_due = new(State, "due"), s_later = new(State, "later");
    private static readonly KeyValuePair<string, object?> s_ended = new(State, "ended"), s_open = new(State, "open");
    private static readonly KeyValuePair<string, object?> s_queueFull = new(FaasMeter.Reason, "queue_full");
    private static readonly KeyValuePair<string, object?> s_pathFull = new(FaasMeter.Reason, "path_full");
    private static readonly KeyValuePair<string, object?> s_storeFull = new(FaasMeter.Reason, "store_full");
    private const string State = "faas.state";
    private const string Run = "{run}";

    private readonly ConcurrentDictionary<KeptSeat, bool> _seats = new();
    private readonly Meter _meter;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _returns;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _callbacks;
    private readonly Counter<long> _unwritten;
    private readonly Counter<long> _lost;
    private volatile KeptLevels? _levels;

    /// <summary>Makes the instruments.</summary>
    public KeptMeters(IMeterFactory factory)
    {
        var meter = _meter = FaasMeter.Of(factory);
        _accepted = meter.CreateCounter<long>("faas.kept.accepted", Run, "Runs that the store has accepted from this server.");
        _refusals = meter.CreateCounter<long>("faas.kept.refusals", Run, "Runs that the store has not accepted, by reason.");
        _ended = meter.CreateCounter<long>("faas.kept.ended", Run, "Kept runs whose end this server has written, by reason.");
        _returns = meter.CreateCounter<long>("faas.kept.returns", Run, "Runs that this server gave back to the queue.");
        _retries = meter.CreateCounter<long>("faas.kept.retries", Run, "Runs that wait for another attempt after one that has failed.");
        _deadLetters = meter.CreateCounter<long>("faas.kept.dead_letters", Run, "Asynchronous runs that have failed.");
        _callbacks = meter.CreateCounter<long>(
            "faas.kept.callbacks", "{attempt}", "Attempts of callbacks, by the state of the callback after them.");
        _unwritten = meter.CreateCounter<long>(
            "faas.kept.write.failures", "{record}", "Attempts to write the end of a run that the store did not take.");
        _lost = meter.CreateCounter<long>(
            "faas.kept.lost",
            "{record}",
            "Records of runs that were to be kept and are not, because the store was away for too long or the server ended.");
        meter.CreateObservableUpDownCounter("faas.kept.running", () => (long)_seats.Count, Run, "Kept runs that this server executes.");
        Level(meter, "faas.kept.queue.length", Run, "Runs that wait, by whether they may start.", levels =>
            [new(levels.Due, s_due), new(levels.Later, s_later)]);
        meter.CreateObservableGauge(
            "faas.kept.queue.age",
            () => Ages(_levels),
            FaasMeter.Seconds,
            "How long the oldest of the runs has waited that may start.");
        Level(meter, "faas.kept.records", Run, "Ended runs whose records are kept.", levels => [new(levels.Ended)]);
        Level(meter, "faas.kept.store.usage", FaasMeter.Bytes, "What kept runs take in the store, by whether they have ended.", levels =>
            [new(levels.EndedBytes, s_ended), new(levels.OpenBytes, s_open)]);
    }

    /// <summary>Shows how many bytes of records wait.</summary>
    public void Watch(Func<long> pendingBytes) => _meter.CreateObservableGauge(
        "faas.kept.pending", pendingBytes, FaasMeter.Bytes, "Records of kept runs that are not written yet.");

    /// <summary>Records are not kept.</summary>
    public void Lost(int records) => _lost.Add(records);

    /// <summary>Notes what the store holds; null: it is not known, and not shown.</summary>
    public void Sampled(KeptLevels? levels) => _levels = levels;

    /// <summary>The store was asked to accept runs.</summary>
    /// <param name="answer">What it said.</param>
    /// <param name="count">How many: those of a batch, or one.</param>
    public void Asked(KeptAcceptance answer, int count = 1)
    {
        switch (answer)
        {
            case KeptAcceptance.Accepted:
                _accepted.Add(count);
                break;
            case KeptAcceptance.QueueFull:
                _refusals.Add(count, s_queueFull);
                break;
            case KeptAcceptance.PathFull:
                _refusals.Add(count, s_pathFull);
                break;
            default:
                _refusals.Add(count, s_storeFull);
                break;
        }
    }

    /// <summary>A seat of this server has got a run.</summary>
    public void Took(KeptSeat seat) => _seats[seat] = true;

    /// <summary>A seat has no run any more.</summary>
    public void Left(KeptSeat seat) => _seats.TryRemove(seat, out _);

    /// <summary>The run of a seat of this server has gone back to the queue.</summary>
    public void Returned() => _returns.Add(1);

    /// <summary>An attempt of a run has failed, and another one follows.</summary>
    public void Retried() => _retries.Add(1);

    /// <summary>The end of a run is written.</summary>
    /// <param name="end">The end.</param>
    /// <param name="isDead">Whether the run is a dead letter.</param>
    public void Ended(KeptEnd end, bool isDead)
    {
        if (end.IsOk)
        {
            _ended.Add(1);
        }
        else
        {
            _ended.Add(1, new KeyValuePair<string, object?>(FaasMeter.Error, end.Reason));
        }

        if (isDead)
        {
            _deadLetters.Add(1);
        }
    }

    /// <summary>An attempt of a callback is over, and noted.</summary>
    /// <param name="state">What the callback is now.</param>
    public void Called(CallbackState state) => _callbacks.Add(1, new KeyValuePair<string, object?>(State, state.ToWire()));

    /// <summary>The store did not take the end of a run.</summary>
    public void NotWritten() => _unwritten.Add(1);

    private static Measurement<double>[] Ages(KeptLevels? levels) =>
        levels is null ? [] : [new((levels.OldestWait ?? TimeSpan.Zero).TotalSeconds)];

    private void Level(Meter meter, string name, string unit, string description, Func<KeptLevels, Measurement<long>[]> of) =>
        meter.CreateObservableUpDownCounter(
            name, () => _levels is { } levels ? of(levels) : Array.Empty<Measurement<long>>(), unit, description);
}
