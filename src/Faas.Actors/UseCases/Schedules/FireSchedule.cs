using Faas.Actors.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Schedules;
using Faas.Actors.UseCases.Kept;

namespace Faas.Actors.UseCases.Schedules;

/// <summary>
/// Fires a schedule whose instant has come, step by step, until it stands at an instant to come.
/// <para>
/// Theory of operation. The script and the version are found first. Then one step of the store moves the schedule on and accepts the run,
/// or neither; so a server that ends in between has lost and doubled nothing, and of several servers that try, one does it. A script that
/// cannot be run costs the fire, which is counted with its reason, and the schedule goes on. Where it may be possible in a moment, as when
/// the store is away, nothing moves, and it is tried again until the instant is missed.
/// </para>
/// </summary>
public sealed class FireSchedule(
    ISchedules schedules, AcceptRun accept, CancelKeptRun cancel, KeptSignal signal, SchedulesOptions options)
{
    /// <summary>
    /// Fires it. False: it could not move on, and is to be tried again later. Throws <see cref="Scripts.StoreException"/>, and
    /// <see cref="TimeZoneNotFoundException"/>.
    /// </summary>
    public async Task<bool> ExecuteAsync(string name, CancellationToken cancellation)
    {
        while (await schedules.FindAsync(name, cancellation) is { } found)
        {
            var now = await schedules.NowAsync(cancellation);
            if (found.Next is not { } due || due > now)
            {
                return true;
            }

            var times = CronTimes.Of(found.Schedule.Cron, found.Schedule.TimeZone);
            var step = FireStep.Of(times.After, found.Schedule.Missed, due, now, options.Grace, options.MostMissed);
            if (!await StepAsync(found, step, now, cancellation))
            {
                return false;
            }
        }

        return false; // it is gone, or has a form that another server knows
    }

    private async Task<bool> StepAsync(StoredSchedule found, FireStep step, DateTimeOffset now, CancellationToken cancellation)
    {
        if (step.Fire is not { } instant)
        {
            await schedules.StepAsync(found, step, null, null, cancellation);
            return true;
        }

        var schedule = found.Schedule;
        var (call, refusal) = await accept.PrepareAsync(RequestOf(found, instant), TermsOf(schedule, now), cancellation);
        if (call is null)
        {
            return !MayPass(refusal!.Reason) && await FailAsync(found, step, refusal, cancellation);
        }

        switch (await schedules.StepAsync(found, step, call, null, cancellation))
        {
            case StepResult.Busy:
                // The answer comes when the run has ended. If another one has ended it, the next look finds that.
                var (_, uncertain) = await cancel.ExecuteAsync(found.RunId!, cancellation);
                return uncertain is null || !MayPass(uncertain.Reason);
            case StepResult.QueueFull:
                return await FailAsync(found, step, accept.Full(KeptAcceptance.QueueFull, schedule.Path), cancellation);
            case StepResult.PathFull:
                return await FailAsync(found, step, accept.Full(KeptAcceptance.PathFull, schedule.Path), cancellation);
            case StepResult.StoreFull:
                return await FailAsync(found, step, accept.Full(KeptAcceptance.StoreFull, schedule.Path), cancellation);
            case StepResult.Done:
                signal.Set();
                return true;
            default:
                return true;
        }
    }

    private async Task<bool> FailAsync(StoredSchedule found, FireStep step, Refusal refusal, CancellationToken cancellation)
    {
        await schedules.StepAsync(found, step, null, new FireFailure(refusal.Reason.ToWire(), refusal.Detail), cancellation);
        return true;
    }

    private static KeptTerms TermsOf(Schedule schedule, DateTimeOffset now) => new(schedule.Priority, NotBefore: null, schedule.Caller, now)
    {
        Schedule = schedule.Name,
    };

    private static RunScriptRequest RequestOf(StoredSchedule found, DateTimeOffset instant) => new(
        found.Schedule.Path,
        found.Schedule.VersionRef,
        new RunArguments(ScheduleIds.CallOf(found.Schedule.Name, instant), found.Input, Key: found.Schedule.Key));

    private static bool MayPass(RefusalReason reason) => reason is RefusalReason.Store or RefusalReason.Cluster;
}
