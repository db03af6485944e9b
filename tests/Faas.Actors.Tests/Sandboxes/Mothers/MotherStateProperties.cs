using CsCheck;
using Faas.Actors.Sandboxes.Mothers;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Mothers;

/// <summary>What holds for a mother's state after any events in any order.</summary>
public sealed class MotherStateProperties
{
    private static readonly string[] s_tokens = ["a", "b", "c", "d"];

    private static readonly int?[] s_statuses = [null, 0, 9, ChildReaped.Unknown];
    private static readonly Gen<string> s_token = Gen.Int[0, 3].Select(at => s_tokens[at]);

    private static readonly Gen<Func<MotherState, MotherTransition>> s_step = Gen.OneOf(
        s_token.Select(token => Step(state => state.GiveUp(token))),
        s_token.Select(token => Step(state => state.Forked(token, Array.IndexOf(s_tokens, token)))),
        s_token.Select(token => Step(state => state.ForkFailed(token, "no pid left"))),
        s_token.Select(token => Step(state => state.Called(MotherOnPaper.Connection(token, ChildStream.Frames)))),
        s_token.Select(token => Step(state => state.Called(MotherOnPaper.Connection(token, ChildStream.Stderr)))),
        s_token.Select(token => Step(state => state.Stalled(token))),
        s_token.Select(token => Step(state => state.Ended(token))),
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3].Select(at => s_statuses[at]))
            .Select((pid, status) => Step(state => state.Reaped(pid, status))),
        s_token.Select(token => Step(state => state.AskAgain(token))),
        Gen.Const(Step(state => state.Warmed())),
        Gen.Const(Step(state => state.Retire())),
        Gen.Const(Step(state => state.Broke("it said nonsense"))));

    [Fact]
    public void Each_order_has_one_answer_by_the_time_of_her_death() => s_step.Array[0, 40].Sample(steps =>
    {
        var mother = new MotherOnPaper();
        var told = new List<string>();
        var ordered = new Queue<string>(s_tokens);
        for (var at = 0; at < steps.Length; at++)
        {
            if (at % 5 == 0 && ordered.TryDequeue(out var token))
            {
                told.AddRange(mother.Do(state => state.Order(token, new ChildWalls(1, 32 << 20, 33 << 20))));
            }

            if (mother.State.Phase != MotherPhase.Dead)
            {
                told.AddRange(mother.Do(steps[at]));
            }
        }

        told.AddRange(mother.Do(state => state.Died("killed")));

        Assert.Empty(mother.State.Children);
        foreach (var token in s_tokens.Except(ordered))
        {
            var launches = told.Count(word => word == $"launch {token}");
            var refusals = told.Count(word =>
                word == $"refuse {token}" || word == $"reroute {token}" || word == $"retry {token}");
            Assert.InRange(launches + refusals, 0, 1);
            Assert.True(launches + refusals == 1 || told.Any(word => word.StartsWith($"end {token} ", StringComparison.Ordinal)));
            if (launches == 1)
            {
                Assert.Contains(told, word => word.StartsWith($"end {token} ", StringComparison.Ordinal));
            }
        }

        Assert.InRange(told.Count(word => word == "kill"), 0, 1);
        Assert.Equal(1, told.Count(word => word == "retires"));
        Assert.Equal("dead", told[^1]);
        var retired = told.IndexOf("retires");
        Assert.DoesNotContain(told.Skip(retired), word => word.StartsWith("fork ", StringComparison.Ordinal));
        Assert.DoesNotContain(told.Take(retired), word => word.StartsWith("reroute ", StringComparison.Ordinal));
        Assert.DoesNotContain(told.Take(retired), word => word.StartsWith("retry ", StringComparison.Ordinal));
    });

    private static Func<MotherState, MotherTransition> Step(Func<MotherState, MotherTransition> step) => step;
}
