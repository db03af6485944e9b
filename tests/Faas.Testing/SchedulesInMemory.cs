using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;

namespace Faas.Testing;

/// <summary>A store of schedules in memory, beside one of kept runs. It can be made to fail. Safe from any thread.</summary>
/// <param name="runs">Where the runs of fires are accepted.</param>
/// <param name="most">The most schedules.</param>
/// <param name="time">Its clock; null: that of this machine.</param>
public sealed class SchedulesInMemory(KeptRunsInMemory runs, int most = 1000, TimeProvider? time = null) : ISchedules
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, StoredSchedule> _schedules = new(StringComparer.Ordinal);
    private long _revision;

    /// <summary>Is thrown by each method, before it does anything; null: they work.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Is done before the next write, as if another caller were faster; null: nothing.</summary>
    public Action? BeforeWrite { get; set; }

    /// <inheritdoc/>
    public Task<ScheduleWrite> WriteAsync(
        Schedule schedule, ReadOnlyMemory<byte> input, DateTimeOffset? due, long? replaced, CancellationToken cancellation)
    {
        var before = BeforeWrite;
        BeforeWrite = null;
        before?.Invoke();
        return DoAsync(() =>
        {
            var found = _schedules.GetValueOrDefault(schedule.Name);
            if (found?.Revision != replaced || (found is null && _schedules.Count >= most))
            {
                return new ScheduleWrite(null, found?.Revision == replaced);
            }

            _schedules[schedule.Name] = (found ?? new StoredSchedule(schedule, 0)) with
            {
                Schedule = schedule, Revision = ++_revision, Input = input, Next = due,
            };
            return new ScheduleWrite(_revision);
        });
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, long revision, CancellationToken cancellation) =>
        DoAsync(() => _schedules.GetValueOrDefault(name)?.Revision == revision && _schedules.Remove(name));

    /// <inheritdoc/>
    public Task<StoredSchedule?> FindAsync(string name, CancellationToken cancellation) =>
        DoAsync(() => _schedules.GetValueOrDefault(name));

    /// <inheritdoc/>
    public Task<(IReadOnlyList<StoredSchedule> Schedules, string? Next)> PageAsync(
        IReadOnlyList<string> roots, int most, string? after, CancellationToken cancellation) =>
        DoAsync<(IReadOnlyList<StoredSchedule>, string?)>(() =>
        {
            var all = _schedules.Values
                .Where(one => after is null || string.CompareOrdinal(one.Schedule.Name, after) > 0)
                .Where(one => roots.Count == 0 || roots.Any(root => ScriptPath.IsUnder(one.Schedule.Path, root)))
                .Select(one => one with { Input = default })
                .ToList();
            return all.Count > most ? (all[..most], all[most - 1].Schedule.Name) : (all, null);
        });

    /// <inheritdoc/>
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellation) => DoAsync((time ?? TimeProvider.System).GetUtcNow);

    /// <inheritdoc/>
    public Task<(IReadOnlyList<string> Names, DateTimeOffset? Next)> DueAsync(DateTimeOffset now, CancellationToken cancellation) =>
        DoAsync<(IReadOnlyList<string>, DateTimeOffset?)>(() => (
            [.. _schedules.Values.Where(one => one.Next <= now).OrderBy(one => one.Next).Select(one => one.Schedule.Name)],
            _schedules.Values.Where(one => one.Next > now).Min(one => one.Next)));

    /// <inheritdoc/>
    public Task<StepResult> StepAsync(
        StoredSchedule schedule, FireStep fire, KeptCall? asked, FireFailure? failure, CancellationToken cancellation) => DoAsync(() =>
    {
        var name = schedule.Schedule.Name;
        if (_schedules.GetValueOrDefault(name) is not { } found || found.Revision != schedule.Revision || found.Next != fire.Due)
        {
            return StepResult.Moved;
        }

        var result = StepResult.Done;
        var moved = found with { Next = fire.Next, Missed = found.Missed + fire.Missed };
        if (failure is not null)
        {
            moved = moved with { FailedAt = fire.Fire, Failure = failure, Failed = found.Failed + 1 };
        }
        else if (asked is not null)
        {
            var isBusy = runs.All.Any(run => run.Id == found.RunId && run.Stage != RunStage.Ended);
            if (isBusy && schedule.Schedule.Overlap == OverlapRule.Cancel)
            {
                return StepResult.Busy;
            }

            if (isBusy && schedule.Schedule.Overlap == OverlapRule.Skip)
            {
                (result, moved) = (StepResult.Skipped, moved with { SkippedAt = fire.Fire, Skipped = found.Skipped + 1 });
            }
            else
            {
                var id = ScheduleIds.RunOf(name, fire.Fire!.Value);
                var acceptance = runs.AcceptAsync(id, asked, schedule.Input, cancellation).GetAwaiter().GetResult();
                if (acceptance != KeptAcceptance.Accepted)
                {
                    return StepResult.QueueFull + (acceptance - KeptAcceptance.QueueFull);
                }

                moved = moved with { Fired = fire.Fire, RunId = id, Runs = found.Runs + 1 };
            }
        }

        _schedules[name] = moved;
        return result;
    });

    private Task<T> DoAsync<T>(Func<T> step)
    {
        lock (_gate)
        {
            return Failure is { } failure ? Task.FromException<T>(failure) : Task.FromResult(step());
        }
    }
}
