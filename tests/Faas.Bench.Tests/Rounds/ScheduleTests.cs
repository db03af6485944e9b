using Faas.Bench.Rounds;
using Faas.Bench.Workloads;
using Xunit;

namespace Faas.Bench.Tests.Rounds;

public sealed class ScheduleTests
{
    [Fact]
    public void The_budgets_of_a_full_run_leave_time_for_the_rest_within_ten_minutes() =>
        Assert.InRange(Budget(Schedule.Full), TimeSpan.Zero, TimeSpan.FromMinutes(7.5));

    [Fact]
    public void The_budgets_of_a_quick_run_leave_time_for_the_rest_within_a_minute() =>
        Assert.InRange(Budget(Schedule.Quick), TimeSpan.Zero, TimeSpan.FromSeconds(45));

    [Fact]
    public void Hello_is_called_by_sixty_four_at_once_in_a_full_run_alone()
    {
        Assert.Equal(2, Schedule.Full.Groups.Count(group => group.Callers == 64));
        Assert.All(Schedule.Quick.Groups, group => Assert.True(group.Callers <= 8));
    }

    [Fact]
    public void Hello_is_called_by_one_two_and_eight_in_every_language() => Assert.Equal(
        [1, 2, 8, 1, 2, 8, 1, 2, 8],
        Schedule.Full.Groups.Where(group => group.Workload.Case == Cases.Hello && group.Callers <= 8).Select(group => group.Callers));

    private static TimeSpan Budget(Schedule schedule) => schedule.Groups.Concat(schedule.Floods).Concat(schedule.Uploads)
        .Aggregate(schedule.ManyWarming * Cases.Languages.Count, (sum, group) => sum + group.Plan.Budget);
}
