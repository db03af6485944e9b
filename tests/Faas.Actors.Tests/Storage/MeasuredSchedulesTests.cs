using Faas.Actors.Runs.Kept;
using Faas.Actors.Schedules;
using Faas.Actors.Storage;
using Faas.Actors.Telemetry;
using Faas.Actors.Tests.Schedules;
using Faas.Actors.Tests.Storage.Redis;
using Faas.Actors.Tests.Telemetry;
using Xunit;

namespace Faas.Actors.Tests.Storage;

/// <summary>What is counted of schedules, on a store in memory.</summary>
public sealed class MeasuredSchedulesTests : IDisposable
{
    private static readonly DateTimeOffset s_due = DateTimeOffset.UnixEpoch.AddDays(20_000);
    private readonly Measured _measured = new();
    private readonly KeptRunsInMemory _runs = new();
    private readonly MeasuredSchedules _schedules;
    private DateTimeOffset _next = s_due;

    public MeasuredSchedulesTests() => _schedules = new MeasuredSchedules(
        new SchedulesInMemory(_runs), new ScheduleMeters(_measured), new KeptMeters(_measured));

    public void Dispose() => _measured.Dispose();

    [Fact]
    public async Task An_instant_counts_by_what_became_of_it()
    {
        var schedule = ScheduleExample.EveryMinute() with { Overlap = OverlapRule.Skip };
        await _schedules.WriteAsync(schedule, "{}"u8.ToArray(), s_due, null, default);
        Assert.Equal(StepResult.Done, await StepAsync(KeptExample.Call(), null));
        Assert.Equal(StepResult.Skipped, await StepAsync(KeptExample.Call(), null, missed: 3));
        Assert.Equal(StepResult.Done, await StepAsync(null, new FireFailure("not_found", "It is gone.")));
        await _runs.CancelAsync(_runs.All[0].Id, default);
        _runs.Acceptance = KeptAcceptance.PathFull;
        Assert.Equal(StepResult.PathFull, await StepAsync(KeptExample.Call(), null, missed: 5));
        var found = (await _schedules.FindAsync(schedule.Name, default))!;
        Assert.Equal(StepResult.Moved, await _schedules.StepAsync(found, new FireStep(s_due, s_due, _next, 7), null, null, default));

        Assert.Equal(
            [
                ("faas.kept.accepted", 1), ("faas.kept.refusals{faas.reason=path_full}", 1),
                ("faas.schedules.instants{faas.outcome=failed}", 1), ("faas.schedules.instants{faas.outcome=fired}", 1),
                ("faas.schedules.instants{faas.outcome=missed}", 3), ("faas.schedules.instants{faas.outcome=skipped}", 1),
            ],
            _measured.Series.Select(series => (series, (int)_measured[series].Sum())));
    }

    private async Task<StepResult> StepAsync(KeptCall? asked, FireFailure? failure, int missed = 0)
    {
        var found = (await _schedules.FindAsync(ScheduleExample.EveryMinute().Name, default))!;
        _next = found.Next!.Value.AddMinutes(1);
        return await _schedules.StepAsync(found, new FireStep(found.Next.Value, found.Next, _next, missed), asked, failure, default);
    }
}
