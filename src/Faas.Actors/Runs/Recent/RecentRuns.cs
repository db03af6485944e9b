using System.Security.Cryptography;

namespace Faas.Actors.Runs.Recent;

/// <summary>
/// The runs of the last minutes, in memory: those under way, and a bounded number of those that have ended, with the end of what they
/// printed; and how many runs of each script have ended in each minute. Safe from any thread.
/// <para>
/// Theory of operation. A run pays for two short stays in one lock, at its begin and at its end, in which nothing waits.
/// A reader stays in it for as long as it takes to copy references, and works on these copies. What was printed is not copied: the
/// sandbox's own bounded log is kept, and shortened if it has more than its share. With a count of 0 none is listed.
/// </para>
/// </summary>
public sealed class RecentRuns : IDisposable
{
    private const int EpochBytes = 4;

    private readonly Lock _gate = new();
    private readonly RecentRunsState _state;
    private readonly ActivityState _activity;
    private readonly TimeProvider _time;
    private readonly ITimer? _cleaning;

    /// <summary>Keeps nothing yet.</summary>
    public RecentRuns(RecentRunsOptions options, TimeProvider time)
    {
        (Options, _time, _state, _activity) = (options, time, new RecentRunsState(options), new ActivityState(options.Scripts));
        if (IsOn)
        {
            var period = TimeSpan.FromTicks(Math.Clamp(options.MaxAge.Ticks / 4, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute));
            _cleaning = time.CreateTimer(_ => Clean(), null, period, period);
        }
    }

    /// <summary>How much is kept.</summary>
    public RecentRunsOptions Options { get; }

    /// <summary>Whether anything is noted of runs.</summary>
    public bool IsOn => Options.Count > 0;

    /// <summary>Tells the changes of this server process from those of another one.</summary>
    public string Epoch { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(EpochBytes));

    /// <summary>The call that asks for a run; null: nothing is noted of runs.</summary>
    /// <param name="via">By which door it came.</param>
    /// <param name="elapsed">How long ago.</param>
    public RunCall? CallOf(RunVia via, TimeSpan elapsed) => IsOn ? new RunCall(via, _time.GetUtcNow() - elapsed) : null;

    /// <summary>A run is submitted; null: nothing is noted of it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="call">The call that asked for it; null: nothing is noted.</param>
    /// <param name="key">The name of the caller's key; null: none.</param>
    /// <param name="alias">The alias that the call has named; null: none.</param>
    public RunRecord? Begin(Run run, RunCall? call, string? key, string? alias) => call is null ? null : Begin(new RunRecord(_time)
    {
        Id = run.RunId,
        Path = run.Queue,
        Language = run.Code.Language,
        Isolation = run.Isolation,
        Call = call,
        Version = run.Version,
        Alias = alias,
        Key = key,
        Stream = run.Stream,
        InputBytes = run.Input.Length,
    });

    /// <summary>A run that is not submitted, because its code does not compile.</summary>
    public RunRecord Begin(RunRecord run)
    {
        if (IsOn)
        {
            lock (_gate)
            {
                _state.Begin(run);
            }
        }

        return run;
    }

    /// <summary>A run has ended. A second end of the same run is ignored.</summary>
    /// <param name="run">The run; null: nothing is noted of it.</param>
    /// <param name="outcome">How.</param>
    /// <param name="costFollows">Whether its cost and the rest of its output are known later.</param>
    public void End(RunRecord? run, Outcome outcome, bool costFollows = false)
    {
        if (run is not null)
        {
            End(run, RunEnd.Of(outcome, run.Age) with { CostFollows = costFollows });
        }
    }

    /// <summary>A run was refused.</summary>
    /// <param name="run">The run; null: nothing is noted of it.</param>
    /// <param name="reason">Why, by a wire name.</param>
    /// <param name="detail">One sentence for a person.</param>
    public void Refuse(RunRecord? run, string reason, string detail)
    {
        if (run is not null)
        {
            End(run, new RunEnd(reason, detail, run.Age));
        }
    }

    private void End(RunRecord run, RunEnd end)
    {
        if (!run.TryEnd(end) || !IsOn)
        {
            return;
        }

        TimeSpan? took = run.IsLeased ? run.Queued + end.After - run.Call.Received : null;
        var minute = MinuteOf(_time.GetUtcNow());
        lock (_gate)
        {
            _state.End(run);
            _activity.Count(run.Path, minute, end.Reason, took);
        }
    }

    /// <summary>
    /// A page of the runs that a reader wants and may see, the newest first, and where the next page begins; null: there is none.
    /// </summary>
    /// <param name="filter">Which runs.</param>
    /// <param name="most">The most runs.</param>
    /// <param name="before">The page begins behind this one; null: with the newest.</param>
    public (IReadOnlyList<RecentRun> Runs, long? Next) Page(RunFilter filter, int most, long? before = null)
    {
        var page = All().Where(run => before is null || run.Number < before).OrderByDescending(run => run.Number)
            .Select(run => run.Look()).Where(filter.Includes).Take(most + 1).ToList();
        return page.Count > most ? (page[..most], page[most - 1].Record.Number) : (page, null);
    }

    /// <summary>The run of this id, if the reader may see it; null: it is not known, or not any more.</summary>
    public RecentRun? Find(string id, RunFilter filter) =>
        All().FirstOrDefault(run => run.Id == id && filter.IncludesPath(run.Path))?.Look();

    /// <summary>What has changed for a reader since a change that the reader knows.</summary>
    /// <param name="filter">Which runs the reader wants.</param>
    /// <param name="most">The most runs that it wants to be told.</param>
    /// <param name="since">The change; null: the reader knows nothing yet.</param>
    public RunChanges Changes(RunFilter filter, int most, long? since)
    {
        IReadOnlyList<RunRecord>? changed;
        long now;
        lock (_gate)
        {
            changed = since is { } known ? _state.Since(known) : null;
            now = _state.Change;
        }

        IReadOnlyList<RecentRun>? told = changed is null ? null : [.. changed.Select(run => run.Look()).Where(filter.Includes)];
        return told is not null && told.Count <= most
            ? new RunChanges(now, told)
            : new RunChanges(now, Page(filter, most).Runs) { IsWhole = true };
    }

    /// <summary>How often the scripts ran that a reader wants and may see, those with the most runs first.</summary>
    /// <param name="filter">Which scripts.</param>
    /// <param name="minutes">How many minutes, 1 to <see cref="ScriptActivity.Minutes"/>.</param>
    public (DateTimeOffset From, IReadOnlyList<ActivitySeries> Scripts) Activity(RunFilter filter, int minutes)
    {
        var now = MinuteOf(_time.GetUtcNow());
        IReadOnlyList<(string Path, ActivityBucket?[] Minutes)> scripts;
        lock (_gate)
        {
            scripts = _activity.Look(filter, now, minutes);
        }

        return (
            DateTimeOffset.UnixEpoch.AddMinutes(now - minutes + 1),
            [
                .. scripts.Select(script => new ActivitySeries(script.Path, script.Minutes)).Where(series => series.Runs > 0)
                    .OrderByDescending(series => series.Runs).ThenBy(series => series.Path, StringComparer.Ordinal),
            ]);
    }

    /// <inheritdoc />
    public void Dispose() => _cleaning?.Dispose();

    private static long MinuteOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / 60;

    private RunRecord[] All()
    {
        lock (_gate)
        {
            return _state.All();
        }
    }

    private void Clean()
    {
        lock (_gate)
        {
            _state.Settle();
        }
    }
}

/// <summary>What a reader of changes is told.</summary>
/// <param name="Change">The change that it knows then.</param>
/// <param name="Runs">The runs that are new or have changed, by change; or, if it is whole, the newest, the newest first.</param>
public sealed record RunChanges(long Change, IReadOnlyList<RecentRun> Runs)
{
    /// <summary>
    /// Whether it takes the place of everything that the reader knows: there was nothing before, or too much has changed since.
    /// </summary>
    public bool IsWhole { get; init; }
}
