using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;

namespace Faas.Actors.Schedules;

/// <summary>
/// The store of schedules, for all servers that share it; it is that of the kept runs, too. Each change is one step. A method throws
/// <see cref="StoreException"/> when the store does not answer; the change may have happened all the same.
/// </summary>
public interface ISchedules
{
    /// <summary>Makes a schedule, or puts it in the place of the one of its name, whose counts and last run stay.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="input">What its runs are given, as JSON.</param>
    /// <param name="due">The next instant at which it fires; null: none.</param>
    /// <param name="replaced">The revision that it replaces; null: there is none of its name.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<ScheduleWrite> WriteAsync(
        Schedule schedule, ReadOnlyMemory<byte> input, DateTimeOffset? due, long? replaced, CancellationToken cancellation);

    /// <summary>Deletes a schedule. False: it does not exist in this revision, and nothing is changed.</summary>
    Task<bool> DeleteAsync(string name, long revision, CancellationToken cancellation);

    /// <summary>One schedule; null: there is none.</summary>
    Task<StoredSchedule?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>A page of schedules by name, without their inputs, and where the next page begins; null: there is none.</summary>
    /// <param name="roots">Only of these scripts and of those under them; empty: of every script.</param>
    /// <param name="most">The most schedules.</param>
    /// <param name="after">The page begins behind this name; null: with the first one.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<(IReadOnlyList<StoredSchedule> Schedules, string? Next)> PageAsync(
        IReadOnlyList<string> roots, int most, string? after, CancellationToken cancellation);

    /// <summary>The time by the clock of the store, which is one for all servers.</summary>
    Task<DateTimeOffset> NowAsync(CancellationToken cancellation);

    /// <summary>The schedules whose instant has come, and the first instant of the others; null: there is none.</summary>
    Task<(IReadOnlyList<string> Names, DateTimeOffset? Next)> DueAsync(DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Does a step of a schedule, if it still has the revision and stands at the step's instant. With a run, it is accepted in the same
    /// step.
    /// </summary>
    /// <param name="schedule">The schedule, as it was read.</param>
    /// <param name="fire">The step.</param>
    /// <param name="asked">The run of the instant that fires; null: it has none.</param>
    /// <param name="failure">Why the instant that fires has no run; null: none fires, or it has one.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<StepResult> StepAsync(
        StoredSchedule schedule, FireStep fire, KeptCall? asked, FireFailure? failure, CancellationToken cancellation);
}

/// <summary>What came of writing a schedule.</summary>
/// <param name="Revision">Its revision; null: nothing is changed.</param>
/// <param name="IsFull">Whether there are too many schedules; else another one has been written meanwhile.</param>
public readonly record struct ScheduleWrite(long? Revision, bool IsFull = false);

/// <summary>What came of a step.</summary>
public enum StepResult
{
    /// <summary>The schedule stands elsewhere, has been written or is gone: nothing is done.</summary>
    Moved,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>It is done without a run, because the last one has not ended.</summary>
    Skipped,

    /// <summary>Nothing is done: the last run is to be cancelled first.</summary>
    Busy,

    /// <summary>Nothing is done: too many runs of all scripts wait.</summary>
    QueueFull,

    /// <summary>Nothing is done: too many runs of this script wait.</summary>
    PathFull,

    /// <summary>Nothing is done: what waits takes too much of the store.</summary>
    StoreFull,
}
