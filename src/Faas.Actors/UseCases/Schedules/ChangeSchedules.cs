using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases.Kept;

namespace Faas.Actors.UseCases.Schedules;

/// <summary>A schedule that was written.</summary>
/// <param name="Stored">As the store has it now.</param>
/// <param name="IsNew">Whether there was none of its name.</param>
public sealed record WrittenSchedule(StoredSchedule Stored, bool IsNew);

/// <summary>
/// Writes, deletes and runs schedules. The caller says for which scripts it may do that; a schedule of another script is to it as one
/// that does not exist, except that its name is taken. A change is made to the revision that was looked at, and looked at again if
/// another caller was faster.
/// </summary>
public sealed class ChangeSchedules(
    ISchedules schedules, AcceptRun accept, SchedulesOptions options, ScheduleSignal signal, TimeProvider time)
{
    private const int MostTries = 10;

    /// <summary>Makes a schedule, or puts it in the place of the one of its name.</summary>
    /// <param name="schedule">The schedule; its times are set here.</param>
    /// <param name="input">What its runs are given, as JSON.</param>
    /// <param name="condition">What must hold of the one of its name.</param>
    /// <param name="maySee">Whether the caller's key is for a script.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public Task<OrRefusal<WrittenSchedule>> WriteAsync(
        Schedule schedule,
        ReadOnlyMemory<byte> input,
        RevisionCondition condition,
        Func<string, bool> maySee,
        CancellationToken cancellation) => TryAsync<WrittenSchedule>(schedule.Name, async () =>
    {
        var found = await schedules.FindAsync(schedule.Name, cancellation);
        if (found is not null && !maySee(found.Schedule.Path))
        {
            return Refusal.Conflict($"The name \"{schedule.Name}\" is that of a schedule of another script.");
        }

        if (!condition.HoldsOf(found?.Revision))
        {
            return Refusal.StaleSchedule(schedule.Name, found?.Revision);
        }

        var now = await schedules.NowAsync(cancellation);
        var written = schedule with { CreatedAt = found?.Schedule.CreatedAt ?? now, UpdatedAt = now };
        var next = NextOf(written, found, now);
        var (revision, isFull) = await schedules.WriteAsync(written, input, next, found?.Revision, cancellation);
        if (isFull)
        {
            return Refusal.Conflict($"There are {options.Count} schedules already (faas.schedules.count).");
        }

        if (revision is not { } number)
        {
            return null;
        }

        signal.Set();
        var stored = (found ?? new StoredSchedule(written, number)) with
        {
            Schedule = written, Revision = number, Input = input, Next = next,
        };
        return new WrittenSchedule(stored, found is null);
    });

    /// <summary>Deletes a schedule; null once it is gone. Its runs go on.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="condition">What must hold of it.</param>
    /// <param name="maySee">Whether the caller's key is for a script.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public async Task<Refusal?> DeleteAsync(
        string name, RevisionCondition condition, Func<string, bool> maySee, CancellationToken cancellation) =>
        (await TryAsync<StoredSchedule>(name, async () =>
        {
            var (found, refusal) = await FindAsync(name, maySee, cancellation);
            if (found is null)
            {
                return refusal!;
            }

            if (!condition.HoldsOf(found.Revision))
            {
                return Refusal.StaleSchedule(name, found.Revision);
            }

            if (await schedules.DeleteAsync(name, found.Revision, cancellation))
            {
                return found;
            }

            return null;
        })).Refusal;

    /// <summary>One schedule.</summary>
    /// <inheritdoc cref="DeleteAsync"/>
    public async Task<OrRefusal<StoredSchedule>> FindAsync(string name, Func<string, bool> maySee, CancellationToken cancellation)
    {
        try
        {
            return await schedules.FindAsync(name, cancellation) is { } found && maySee(found.Schedule.Path)
                ? found
                : Refusal.NoSchedule(name);
        }
        catch (StoreException)
        {
            return Refusal.StoreIsAway;
        }
    }

    /// <summary>A page of schedules, and where the next one begins; the refusal says that the store is away.</summary>
    /// <inheritdoc cref="ISchedules.PageAsync"/>
    public async Task<(IReadOnlyList<StoredSchedule> Schedules, string? Next, Refusal? Refusal)> PageAsync(
        IReadOnlyList<string> roots, int most, string? after, CancellationToken cancellation)
    {
        try
        {
            var (found, next) = await schedules.PageAsync(roots, most, after, cancellation);
            return (found, next, null);
        }
        catch (StoreException)
        {
            return ([], null, Refusal.StoreIsAway);
        }
    }

    /// <summary>Has a schedule's run begin now, beside those of its instants, which count and overlap without it.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="callId">The caller's name for it.</param>
    /// <param name="caller">The caller: the name of its key, and its owner; null: it has none.</param>
    /// <param name="maySee">Whether the caller's key is for a script.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public async Task<OrRefusal<AcceptedRun>> RunAsync(
        string name,
        string callId,
        (string? Key, string? Owner) caller,
        Func<string, bool> maySee,
        CancellationToken cancellation)
    {
        var (found, refusal) = await FindAsync(name, maySee, cancellation);
        if (found is null)
        {
            return refusal!;
        }

        var schedule = found.Schedule;
        var arguments = new RunArguments(callId, found.Input, Key: caller.Key);
        var terms = new KeptTerms(schedule.Priority, NotBefore: null, caller.Owner, time.GetUtcNow()) { Schedule = name };
        return await accept.ExecuteAsync(new RunScriptRequest(schedule.Path, schedule.VersionRef, arguments), terms, cancellation);
    }

    // Where the times stay the same, an instant that has just come is not lost.
    private static DateTimeOffset? NextOf(Schedule schedule, StoredSchedule? before, DateTimeOffset now) =>
        !schedule.Enabled ? null
        : before is { Next: { } next, Schedule: { } old } && (old.Cron, old.TimeZone) == (schedule.Cron, schedule.TimeZone) ? next
        : CronTimes.Of(schedule.Cron, schedule.TimeZone).After(now);

    // Null: another caller was faster.
    private static async Task<OrRefusal<T>> TryAsync<T>(string name, Func<Task<OrRefusal<T>?>> change)
        where T : class
    {
        try
        {
            for (var tries = 0; tries < MostTries; tries++)
            {
                if (await change() is { } done)
                {
                    return done;
                }
            }

            return Refusal.Conflict($"The schedule \"{name}\" was changed by others meanwhile, again and again.");
        }
        catch (StoreException)
        {
            return Refusal.Store("The store does not answer, so it is not certain whether the schedule was changed.");
        }
    }
}
