using CsCheck;
using Faas.Actors.Runs.Recent;
using Xunit;

namespace Faas.Actors.Tests.Runs.Recent;

public sealed class ScriptActivityTests
{
    private static readonly TimeSpan s_took = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void Whatever_happens_when_each_minute_of_the_last_hour_has_its_own_counts() =>
        Gen.Select(
            Gen.Select(Gen.Int[0, 30], Gen.OneOf(Gen.Const("ok"), Gen.Const("error"), Gen.Const("timeout"))).List[0, 80],
            Gen.Int[0, 100],
            Gen.Int[1, 60])
        .Sample((steps, pause, minutes) =>
        {
            var activity = new ScriptActivity("p");
            var (minute, all) = (1000L, new List<(long Minute, string Reason)>());
            foreach (var (step, reason) in steps)
            {
                minute += step;
                activity.Count(minute, reason, s_took);
                all.Add((minute, reason));
            }

            var now = minute + pause;
            var series = new ActivitySeries("p", activity.Look(now, minutes));
            var seen = all.Where(run => run.Minute > now - minutes && run.Minute > minute - 60).ToList();
            Assert.Equal(
                Enumerable.Range(0, minutes).Select(i => seen.Count(run => run.Minute == now - minutes + 1 + i)), series.RunsByMinute);
            Assert.Equal((seen.Count, seen.Count(run => run.Reason != "ok")), (series.Runs, series.Failed));
            Assert.Equal(
                seen.Where(run => run.Reason != "ok").GroupBy(run => run.Reason).OrderBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => (group.Key, group.Count())),
                series.FailuresByMinute.Select(failures => (failures.Key, failures.Value.Sum())));
            Assert.All(series.RunsByMinute.Zip(series.P95ByMinute), pair => Assert.Equal(pair.First > 0, pair.Second > 0));
        });

    [Fact]
    public void A_clock_that_goes_back_by_more_than_an_hour_counts_nothing_and_breaks_nothing()
    {
        var activity = new ScriptActivity("p");
        activity.Count(1060, "ok", s_took);
        activity.Count(1000, "ok", s_took);
        Assert.Equal(1, new ActivitySeries("p", activity.Look(1060, 60)).Runs);
        Assert.Equal(0, new ActivitySeries("p", activity.Look(5, 60)).Runs);
    }

    [Fact]
    public void A_run_without_a_sandbox_counts_and_has_no_latency()
    {
        var activity = new ScriptActivity("p");
        activity.Count(7, "queue_full", null);
        var series = new ActivitySeries("p", activity.Look(7, 2));
        Assert.Equal((1, 1, 0.0), (series.Runs, series.Failed, series.P95));
    }

    [Fact]
    public void One_script_too_many_takes_the_place_of_the_one_that_ran_the_longest_ago()
    {
        var state = new ActivityState(2);
        state.Count("a", 1, "ok", s_took);
        state.Count("b", 1, "ok", s_took);
        state.Count("a", 1, "ok", s_took);
        state.Count("c", 1, "ok", s_took);

        Assert.Equal(["a", "c"], state.Look(RunFilter.All, 1, 60).Select(script => script.Path).Order());
        Assert.Equal(["c"], state.Look(RunFilter.All with { Roots = ["c"] }, 1, 60).Select(script => script.Path));
    }
}
