using CsCheck;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Runs.Kept;

/// <summary>Whether and when a run is started again.</summary>
public sealed class RetryRuleTests
{
    private static readonly string[] s_ends = [.. WireNames.All<Reason>(), .. WireNames.All<RefusalReason>()];

    private static readonly Gen<RetryPolicy> s_policy = Gen.Select(
        Gen.Int[RetryPolicy.FewestAttempts, RetryPolicy.MostAttempts],
        Gen.Enum<RetryReason>().Array[0, 8],
        Gen.Int[0, 100_000],
        Gen.Int[0, 1_000_000]).Select((attempts, on, delay, more) => new RetryPolicy(attempts)
        {
            On = RetryReasons.Of(on),
            Delay = TimeSpan.FromMilliseconds(delay),
            MaxDelay = TimeSpan.FromMilliseconds(delay + more),
        });

    [Fact]
    public void It_is_started_again_as_often_as_its_policy_says_after_the_ends_that_it_names() =>
        Gen.Select(
            s_policy,
            Gen.Int[0, s_ends.Length - 1].Select(at => s_ends[at]),
            Gen.Int[1, 12],
            Gen.Double[0, 1]).Sample((policy, end, attempt, random) =>
        {
            if (random >= 1)
            {
                return;
            }

            var named = policy.On?.Reasons.Select(reason => reason.ToWire()).ToList()
                ?? ["error", "dependencies", "exit", "signal", "oom", "timeout", "output_limit", "sandbox"];
            var isAgain = attempt < policy.Attempts && named.Contains(end);
            var longest = policy.Delay!.Value;
            for (var doubled = 1; doubled < attempt && longest < policy.MaxDelay; doubled++)
            {
                longest *= 2;
            }

            longest = longest < policy.MaxDelay!.Value ? longest : policy.MaxDelay.Value;
            var delay = RetryRule.Decide(policy, end, attempt, random);
            Assert.Equal(isAgain, delay is not null);
            Assert.Equal(longest * random, delay ?? longest * random);
            Assert.InRange(delay ?? TimeSpan.Zero, TimeSpan.Zero, longest);
        });

    [Fact]
    public void Without_a_policy_no_run_is_started_again() =>
        Assert.All(s_ends, end => Assert.Null(RetryRule.Decide(null, end, 1, 0)));

    [Fact]
    public void What_another_attempt_cannot_mend_is_no_reason()
    {
        Assert.Equal(["ok", "syntax", "cancelled"], WireNames.All<Reason>().Except(WireNames.All<RetryReason>()));
        Assert.Empty(WireNames.All<RetryReason>().Except(WireNames.All<Reason>()));
        Assert.Empty(WireNames.All<RetryReason>().Intersect(WireNames.All<RefusalReason>()));
    }

    [Theory]
    [InlineData(null, null, 1, 300)]
    [InlineData(0.25, null, 0.25, 300)]
    [InlineData(600d, null, 600, 600)]
    [InlineData(null, 0.5, 0.5, 0.5)]
    [InlineData(2d, 3d, 2, 3)]
    public void A_delay_that_is_left_out_is_a_second_and_the_longest_one_five_minutes(
        double? delay, double? most, double first, double highest)
    {
        var policy = new RetryPolicy(2) { Delay = Seconds(delay), MaxDelay = Seconds(most) };
        Assert.Equal((Seconds(first), Seconds(highest)), (policy.FirstDelay, policy.HighestDelay));
        Assert.Null(RetryPolicy.Check(policy));

        static TimeSpan? Seconds(double? seconds) => seconds is { } known ? TimeSpan.FromSeconds(known) : null;
    }
}
