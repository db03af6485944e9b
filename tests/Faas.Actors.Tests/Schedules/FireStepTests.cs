using CsCheck;
using Faas.Actors.Schedules;
using Xunit;

namespace Faas.Actors.Tests.Schedules;

/// <summary>What fires when instants have passed.</summary>
public sealed class FireStepTests
{
    private static readonly DateTimeOffset s_from = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Each_instant_fires_or_is_passed_over_as_the_rule_says_and_none_twice() => Gen.Select(
            Gen.Enum<MissedRule>(), Gen.Int[1, 25_000], Gen.Int[1, 90], Gen.Int[1, 1000], Gen.Int[0, 4000])
        .Sample(
            (rule, every, grace, most, late) =>
            {
                // The instants of the schedule that are past; they are equally far apart.
                var now = s_from.AddMilliseconds((long)every * late);
                var onTime = now.AddSeconds(-grace);
                var passed = Enumerable.Range(0, late + 1).Select(number => s_from.AddMilliseconds((long)every * number)).ToList();
                var missed = passed.Where(instant => instant < onTime).ToList();
                var made = rule == MissedRule.Skip ? 0 : Math.Min(missed.Count, rule == MissedRule.Once ? 1 : most);
                var (fires, count, next) = Walk(rule, TimeSpan.FromMilliseconds(every), now, TimeSpan.FromSeconds(grace), most);
                Assert.Equal([.. missed.Skip(missed.Count - made), .. passed.Skip(missed.Count)], fires);
                Assert.Equal((missed.Count - made, now.AddMilliseconds(every)), (count, next));
            },
            iter: 300,
            threads: 1);

    [Theory]
    [InlineData(MissedRule.Skip, 0)]
    [InlineData(MissedRule.Once, 1)]
    [InlineData(MissedRule.All, 5)]
    public void More_instants_than_one_step_looks_at_are_passed_over_in_several(MissedRule rule, int made)
    {
        const int passed = (2 * FireStep.MostLooked) + 7;
        var (fires, missed, _) = Walk(rule, TimeSpan.FromSeconds(1), s_from.AddSeconds(passed), TimeSpan.FromSeconds(1), 5);
        Assert.Equal(passed - 1 - made, missed);
        Assert.Equal(Enumerable.Range(passed - 1 - made, made + 2).Select(second => s_from.AddSeconds(second)), fires);
    }

    [Fact]
    public void A_schedule_whose_last_instant_has_passed_stands_nowhere() =>
        Assert.Equal(
            new FireStep(s_from, s_from, null, 0),
            FireStep.Of(_ => null, MissedRule.Skip, s_from, s_from, TimeSpan.FromSeconds(1), 1));

    [Fact]
    public void One_instant_of_one_schedule_has_one_id()
    {
        var id = ScheduleIds.RunOf("report", s_from);
        Assert.StartsWith("report-19700101T000000Z~k", id, StringComparison.Ordinal);
        Assert.True(Faas.Actors.Runs.Kept.KeptIds.Is(id));
        Assert.Equal(id, ScheduleIds.RunOf("report", s_from.ToOffset(TimeSpan.FromHours(2))));
        Assert.Equal(3, new[] { id, ScheduleIds.RunOf("report", s_from.AddSeconds(1)), ScheduleIds.RunOf("other", s_from) }.Distinct().Count());
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("A-b.c_9", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    public void A_name_has_letters_digits_and_a_few_signs(string name, bool isOne) => Assert.Equal(isOne, ScheduleName.IsValid(name));

    [Fact]
    public void A_name_has_a_longest_length() =>
        Assert.Equal((true, false), (ScheduleName.IsValid(new string('a', 64)), ScheduleName.IsValid(new string('a', 65))));

    private static (List<DateTimeOffset> Fires, int Missed, DateTimeOffset Next) Walk(
        MissedRule rule, TimeSpan every, DateTimeOffset now, TimeSpan grace, int most)
    {
        var (fires, missed, due) = (new List<DateTimeOffset>(), 0, s_from);
        while (due <= now)
        {
            var step = FireStep.Of(instant => instant + every, rule, due, now, grace, most);
            Assert.Equal(due, step.Due);
            Assert.True(step.Next > due);
            (missed, due) = (missed + step.Missed, step.Next!.Value);
            if (step.Fire is { } fire)
            {
                fires.Add(fire);
            }
        }

        return (fires, missed, due);
    }
}
