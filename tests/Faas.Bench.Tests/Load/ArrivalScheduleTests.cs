using Faas.Bench.Load;
using Xunit;

namespace Faas.Bench.Tests.Load;

public sealed class ArrivalScheduleTests
{
    [Theory]
    [InlineData(1000, 2, 2000)]
    [InlineData(0.5, 10, 5)]
    [InlineData(0.5, 1, 3)]
    public void It_has_as_many_calls_as_the_rate_makes_and_at_least_three(double perSecond, int seconds, long count) =>
        Assert.Equal(count, new ArrivalSchedule(perSecond, TimeSpan.FromSeconds(seconds)).Count);

    [Fact]
    public void Calls_are_due_at_equal_distances_from_the_start()
    {
        var schedule = new ArrivalSchedule(4, TimeSpan.FromSeconds(1));
        Assert.Equal([0, 250, 500, 750], Enumerable.Range(0, 4).Select(call => schedule.DueOf(call).TotalMilliseconds));
    }

    [Fact]
    public void Each_call_is_taken_once_however_many_take()
    {
        var schedule = new ArrivalSchedule(1000, TimeSpan.FromSeconds(5));
        var taken = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).SelectMany(_ => TakeAll(schedule)).Order().ToList();
        Assert.Equal(Enumerable.Range(0, 5000).Select(call => schedule.DueOf(call)), taken);
    }

    private static List<TimeSpan> TakeAll(ArrivalSchedule schedule)
    {
        var taken = new List<TimeSpan>();
        while (schedule.TryTake(out var due))
        {
            taken.Add(due);
        }

        return taken;
    }
}
