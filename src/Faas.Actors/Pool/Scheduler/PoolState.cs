using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Telemetry;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// Decides which sandbox serves which run, and which runs wait.
/// <para>
/// Theory of operation. Each method takes one thing that has happened, at a time that the caller names (monotonic, from
/// any origin), changes the state, and returns what must now be done. There is no clock, no thread and no actor here, so
/// all of it can be tested by calling it.
/// </para>
/// <para>
/// The state is made of parts, each of which owns its fields: <see cref="RunQueue"/> (runs that wait), <see cref="Fleet"/>
/// (sandboxes), <see cref="KnownImages"/> (what each image has and needs) and <see cref="OpenRuns"/> (runs by id). The
/// mechanisms work on these parts: <see cref="Admission"/> (a run arrives), <see cref="Handover"/> (a sandbox comes free),
/// <see cref="Losses"/> (a sandbox ends), <see cref="Sharing"/>, <see cref="Patience"/>, <see cref="Growth"/>, <see cref="Turns"/>,
/// <see cref="Supply"/>, <see cref="Keeping"/>, <see cref="Spares"/> and <see cref="Draining"/>. <see cref="Settlement"/> says what holds
/// after each event.
/// </para>
/// </summary>
public sealed class PoolState
{
    private readonly PoolBounds _bounds;
    private readonly EffectList _effects = new();
    private readonly KnownImages _images;
    private readonly RunQueue _queue = new();
    private readonly Fleet _fleet;
    private readonly Permits _permits;
    private readonly OpenRuns _runs;
    private readonly Leases _leases;
    private readonly Patience _patience;
    private readonly Retirement _retirement;
    private readonly StartPlaces _places;
    private readonly Turns _turns;
    private readonly Draining _draining;
    private readonly Keeping _keeping;
    private readonly Spares _spares;
    private readonly Settlement _settlement;
    private readonly Admission _admission;
    private readonly Handover _handover;
    private readonly Losses _losses;

    /// <summary>An empty pool.</summary>
    public PoolState(PoolOptions options)
        : this(options, options.ConfiguredImages)
    {
    }

    /// <summary>An empty pool that never forgets these images and keeps these spares of them.</summary>
    internal PoolState(PoolOptions options, IReadOnlyList<(ImageKey Image, int Spares)> configured)
    {
        _bounds = new PoolBounds(options);
        var headStart = new HeadStart();
        _images = new KnownImages(configured);
        var wishes = new WarmWishes();
        _fleet = new Fleet(_bounds, wishes, _effects);
        var permits = _permits = new Permits(_bounds, _images, _fleet);
        var slots = new Slots(_bounds, _images, _queue, _fleet, permits);
        _runs = new OpenRuns(_bounds, _queue, _effects);
        _leases = new Leases(_fleet, _runs, headStart, _effects);
        var growth = new Growth(_bounds, _fleet, slots, permits);
        _patience = new Patience(_bounds, _images, _queue, _fleet, slots, permits, growth, _leases);
        _retirement = new Retirement(_bounds, _images, _fleet, slots, _patience);
        _turns = new Turns(_images, _queue, _fleet, permits);
        var stranded = new StrandedRuns(_bounds, _fleet, slots, permits, _runs);
        _draining = new Draining(_images, _queue, _fleet, _runs, _leases, _retirement, _effects);
        _spares = new Spares(_bounds, _images, _fleet, headStart, _draining, _retirement);
        _places = new StartPlaces(_bounds, _images, _fleet);
        var supply = new Supply(_images, _queue, _fleet, slots, permits, _places, _turns, stranded, _leases, _retirement);
        var sharing = new Sharing(_queue, _fleet, _leases, _patience);
        _keeping = new Keeping(wishes, _images, _queue, _fleet, permits, _leases, _draining, _retirement, _effects);
        _settlement = new Settlement(_patience, _retirement, sharing, supply, _draining, _keeping, _spares);
        _admission = new Admission(_queue, _fleet, slots, permits, _runs, _leases, _patience, sharing, _settlement);
        _handover = new Handover(_queue, _fleet, permits, stranded, _leases, _patience, _retirement);
        _losses = new Losses(_fleet, _runs, _leases, stranded, _retirement, _effects);
    }

    /// <summary>What the pool looks like now.</summary>
    public PoolStatus Status => new(
        _fleet.Starting,
        _fleet.Spare,
        _fleet.Idle,
        _fleet.Busy,
        _queue.Count,
        _images.Failing is { } image ? $"{image.Key.Name}: {image.Backoff.Why}" : null,
        _images.Failing?.Backoff.FailedStarts ?? 0,
        _fleet.HeldBytes,
        _fleet.MostBytes,
        _draining.IsOn);

    /// <summary>Every sandbox and every run, as they are now.</summary>
    public PoolView View(TimeSpan now) => new(
        now,
        Status,
        [.. _fleet.Alive.OrderBy(sandbox => sandbox.Number).Select(sandbox => sandbox.View)],
        [.. _runs.All.OrderBy(run => run.Arrived).Select(run => run.View)]);

    /// <summary>
    /// The same in numbers alone. Safe to read from any thread: each is one field; those that are read together may belong to different
    /// moments.
    /// </summary>
    public PoolLevels Levels => new(
        _fleet.Starting,
        _fleet.Spare,
        _fleet.Busy,
        _fleet.Idle,
        _fleet.Closing,
        _bounds.Sandboxes,
        _bounds.Running,
        _queue.Count,
        _bounds.Queue,
        _fleet.SandboxBytes,
        _fleet.MotherBytes,
        _fleet.MostBytes,
        _fleet.Evictions);

    /// <summary>What it has free, for other nodes.</summary>
    public PoolDigest Digest => new(
        _bounds.Running, Math.Max(0, _permits.Free), _queue.Count, _draining.IsOn, _images.Spares(), _fleet.FreeSeats());

    /// <summary>What it has for this run, which nothing is done with.</summary>
    public PoolPlace PlaceFor(Run run)
    {
        var (binding, free) = (run.BindingKey is { } key ? _fleet.BindingOf(key) : null, Math.Max(0, _permits.Free));
        return new PoolPlace(
            run.RunId,
            binding is { Roomiest: not null } || (binding is { LastUsedIdle: not null } && free > 0),
            free > 0 && _images.Find(run.Image)?.Fleet.Spares > 0,
            _bounds.Running,
            free,
            _queue.Count,
            _draining.IsOn);
    }

    /// <summary>The runs that wait or are executed.</summary>
    public IReadOnlyCollection<PooledRun> Runs => _runs.All;

    /// <summary>When <see cref="Tick"/> has something to do next; null: never, if nothing else happens.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            var next = _patience.NextEnd.OrEarlier(_spares.NextChange).OrEarlier(_turns.NextEnd)
                .OrEarlier(_runs.NextTimeout).OrEarlier(_retirement.NextIdleEnd).OrEarlier(_draining.StopsAt)
                .OrEarlier(_places.NextSlow);
            return next == Deadlines.Never ? null : next;
        }
    }

    /// <summary>How many images the state remembers.</summary>
    internal int Images => _images.Count;

    /// <summary>The pool begins its life: the spares start.</summary>
    public IReadOnlyList<PoolEffect> Begin(TimeSpan now)
    {
        _settlement.Settle(now);
        return Decided(now);
    }

    /// <summary>A run has arrived.</summary>
    public IReadOnlyList<PoolEffect> Arrive(PooledRun run, TimeSpan now)
    {
        if (_draining.IsOn)
        {
            _runs.Refuse(run, RefusalReason.Draining, now);
        }
        else if (!_runs.TryAdd(run))
        {
            _runs.Reply(run, new RunEnded(run.RunId, Outcome.Broken("A call of this id has not ended yet; an id names one call.")));
        }
        else
        {
            run.Accept(_images.Of(run.Run.Image), now);
            _keeping.Note(run.Run, run.BindingKey, now);
            _admission.Admit(run, now);
        }

        return Decided(now);
    }

    /// <summary>A version has come, or what its calls get without naming one has changed: how many of its sandboxes are to stay.</summary>
    /// <param name="run">An example of a run of the version.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<PoolEffect> KeepWarm(Run run, TimeSpan now)
    {
        _keeping.Note(run, run.BindingKey, now);
        _settlement.Settle(now);
        return Decided(now);
    }

    /// <summary>A script is called no more: none of its sandboxes is to stay.</summary>
    public IReadOnlyList<PoolEffect> LetGo(string path, TimeSpan now)
    {
        _keeping.LetGo(path, now);
        _settlement.Settle(now);
        return Decided(now);
    }

    /// <summary>A sandbox's runtime has said that it is ready.</summary>
    /// <param name="number">The sandbox.</param>
    /// <param name="bytes">The memory that it holds; 0: not known.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<PoolEffect> Ready(long number, long bytes, TimeSpan now)
    {
        if (_fleet.TryGet(number, out var sandbox) && sandbox.Stage == FleetStage.Starting)
        {
            sandbox.Image.Backoff.Started();
            sandbox.Image.Demand.Started(now - sandbox.Since, bytes);
            _fleet.MeasureNew(sandbox, bytes);
            _handover.Started(sandbox, now);
            _settlement.Settle(now);
        }

        return Decided(now);
    }

    /// <summary>A sandbox has served its run, and nothing of the run is left.</summary>
    /// <param name="number">The sandbox.</param>
    /// <param name="runId">The run.</param>
    /// <param name="service">How long the run took.</param>
    /// <param name="bytes">The memory that the sandbox holds; 0: it was not measured.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<PoolEffect> Free(long number, string runId, TimeSpan service, long bytes, TimeSpan now)
    {
        if (_fleet.TryGet(number, out var sandbox) && _runs.TryGet(runId, out var run) && run.Sandbox == sandbox)
        {
            _leases.End(sandbox, run, service, now);
            _fleet.Measure(sandbox, bytes);
            _handover.Freed(sandbox, now);
            _settlement.Settle(now);
        }

        return Decided(now);
    }

    /// <summary>What the mothers of sandboxes hold has been measured.</summary>
    /// <param name="bytes">The memory of all mothers.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<PoolEffect> MothersHold(long bytes, TimeSpan now)
    {
        _fleet.MeasureMothers(bytes);
        _settlement.Settle(now);
        return Decided(now);
    }

    /// <summary>A sandbox will take no more runs, and ends when those that it has are over.</summary>
    public IReadOnlyList<PoolEffect> Retired(long number, TimeSpan now)
    {
        if (_fleet.TryGet(number, out var sandbox) && sandbox.Stage is FleetStage.Busy or FleetStage.Idle)
        {
            _retirement.Retire(sandbox, now);
            _settlement.Settle(now);
        }

        return Decided(now);
    }

    /// <summary>A sandbox will not become ready. That it is gone is told by <see cref="Lost"/>.</summary>
    public IReadOnlyList<PoolEffect> StartFailed(long number, string why, TimeSpan now)
    {
        if (_fleet.TryGet(number, out var sandbox) && sandbox.Stage == FleetStage.Starting)
        {
            _losses.StartFailed(sandbox, why, now);
            _settlement.Settle(now);
        }

        return Decided(now);
    }

    /// <summary>A sandbox is gone, whether it was told to end or not.</summary>
    public IReadOnlyList<PoolEffect> Lost(long number, TimeSpan now)
    {
        if (_fleet.TryGet(number, out var sandbox))
        {
            _losses.Gone(sandbox, now);
            _settlement.Settle(now);
        }

        return Decided(now);
    }

    /// <summary>The caller of this run has left.</summary>
    public IReadOnlyList<PoolEffect> Cancel(string runId, TimeSpan now)
    {
        if (_runs.TryGet(runId, out var run))
        {
            if (run.Sandbox is { } sandbox)
            {
                _leases.Stop(sandbox, run);
            }
            else
            {
                _runs.Dismiss(run, new RunEnded(runId, Outcome.Cancelled));
                _settlement.Settle(now);
            }
        }

        return Decided(now);
    }

    /// <summary>Time has passed.</summary>
    public IReadOnlyList<PoolEffect> Tick(TimeSpan now)
    {
        _runs.DismissOverdue(now);
        _retirement.CloseIdle(now);
        _spares.CloseSurplus(now);
        _draining.StopDue(now);
        _settlement.Settle(now);
        return Decided(now);
    }

    /// <summary>
    /// Accepts no more runs, serves the accepted ones for at most <paramref name="within"/>, then stops them.
    /// The last effect of a drain is <see cref="AnnounceDrained"/>.
    /// </summary>
    /// <param name="within">How long accepted runs are served.</param>
    /// <param name="now">The time.</param>
    /// <param name="isFinal">True: <see cref="TryEndDrain"/> does not end this drain.</param>
    public IReadOnlyList<PoolEffect> Drain(TimeSpan within, TimeSpan now, bool isFinal = true)
    {
        _draining.Begin(within, isFinal, now);
        _settlement.Settle(now);
        return Decided(now);
    }

    /// <summary>Ends a drain: runs are accepted again. Null: the drain is final. Without a drain, nothing changes.</summary>
    public IReadOnlyList<PoolEffect>? TryEndDrain(TimeSpan now)
    {
        if (!_draining.TryEnd())
        {
            return null;
        }

        _settlement.Settle(now);
        return Decided(now);
    }

    /// <summary>
    /// Other settings are in force from now on. Runs that the pool has accepted keep their places. Where there are now too many sandboxes,
    /// those without a run are closed, the others after their runs.
    /// </summary>
    public IReadOnlyList<PoolEffect> Change(PoolOptions options, TimeSpan now)
    {
        _bounds.Change(options);
        _images.Change(options.ConfiguredImages);
        _fleet.BoundsChanged(now);
        _settlement.Settle(now);
        return Decided(now);
    }

    private IReadOnlyList<PoolEffect> Decided(TimeSpan now)
    {
        _draining.AnnounceEnd();
        _images.ForgetUnused(now);
        return _effects.Take();
    }
}
