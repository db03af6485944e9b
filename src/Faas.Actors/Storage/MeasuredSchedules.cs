using Faas.Actors.Runs.Kept;
using Faas.Actors.Schedules;
using Faas.Actors.Telemetry;

namespace Faas.Actors.Storage;

/// <summary>A store of schedules whose steps are counted, where the store replies, as <see cref="MeasuredKeptRuns"/> counts runs.</summary>
public sealed class MeasuredSchedules(ISchedules schedules, ScheduleMeters meters, KeptMeters runs) : ISchedules
{
    /// <inheritdoc/>
    public Task<ScheduleWrite> WriteAsync(
        Schedule schedule, ReadOnlyMemory<byte> input, DateTimeOffset? due, long? replaced, CancellationToken cancellation) =>
        schedules.WriteAsync(schedule, input, due, replaced, cancellation);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, long revision, CancellationToken cancellation) =>
        schedules.DeleteAsync(name, revision, cancellation);

    /// <inheritdoc/>
    public Task<StoredSchedule?> FindAsync(string name, CancellationToken cancellation) => schedules.FindAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<(IReadOnlyList<StoredSchedule> Schedules, string? Next)> PageAsync(
        IReadOnlyList<string> roots, int most, string? after, CancellationToken cancellation) =>
        schedules.PageAsync(roots, most, after, cancellation);

    /// <inheritdoc/>
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellation) => schedules.NowAsync(cancellation);

    /// <inheritdoc/>
    public Task<(IReadOnlyList<string> Names, DateTimeOffset? Next)> DueAsync(DateTimeOffset now, CancellationToken cancellation) =>
        schedules.DueAsync(now, cancellation);

    /// <inheritdoc/>
    public async Task<StepResult> StepAsync(
        StoredSchedule schedule, FireStep fire, KeptCall? asked, FireFailure? failure, CancellationToken cancellation)
    {
        var result = await schedules.StepAsync(schedule, fire, asked, failure, cancellation);
        switch (result)
        {
            case StepResult.Done when asked is not null:
                meters.Fired();
                runs.Asked(KeptAcceptance.Accepted);
                break;
            case StepResult.Done when failure is not null:
                meters.Failed();
                break;
            case StepResult.Skipped:
                meters.Skipped();
                break;
            case StepResult.QueueFull:
                runs.Asked(KeptAcceptance.QueueFull);
                break;
            case StepResult.PathFull:
                runs.Asked(KeptAcceptance.PathFull);
                break;
            case StepResult.StoreFull:
                runs.Asked(KeptAcceptance.StoreFull);
                break;
        }

        if (result is StepResult.Done or StepResult.Skipped)
        {
            meters.Missed(fire.Missed);
        }

        return result;
    }
}
