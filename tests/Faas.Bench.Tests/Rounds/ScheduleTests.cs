using Faas.Bench.Rounds;
using Xunit;

namespace Faas.Bench.Tests.Rounds;

public sealed class ScheduleTests
{
    [Fact]
    public void The_budgets_of_a_full_run_leave_time_for_its_start_within_ten_minutes() =>
        Assert.InRange(Budget(Schedule.Full), TimeSpan.Zero, TimeSpan.FromMinutes(9));

    [Fact]
    public void The_budgets_of_a_quick_run_leave_time_for_its_start_within_a_minute() =>
        Assert.InRange(Budget(Schedule.Quick), TimeSpan.Zero, TimeSpan.FromSeconds(48));

    [Fact]
    public void Hello_is_called_by_sixty_four_at_once_in_a_full_run_alone()
    {
        Assert.Equal(3, Schedule.Full.Groups.Count(group => group.Callers == 64));
        Assert.All(Schedule.Quick.Groups, group => Assert.True(group.Callers <= 8));
    }

    private static TimeSpan Budget(Schedule schedule) =>
        schedule.Groups.Concat(schedule.Floods).Aggregate(TimeSpan.Zero, (sum, group) => sum + group.Plan.Budget);
}
