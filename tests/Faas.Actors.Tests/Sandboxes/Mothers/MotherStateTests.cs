using Faas.Actors.Sandboxes.Mothers;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Mothers;

public sealed class MotherStateTests
{
    [Fact]
    public void Orders_wait_until_she_is_warm()
    {
        var mother = new MotherOnPaper();

        Assert.Empty(mother.Do(state => state.Order("a", Walls(1))));
        Assert.Empty(mother.Do(state => state.Order("b", Walls(2))));

        Assert.Equal(["warm", "fork a", "fork b"], mother.Do(state => state.Warmed()));
        Assert.Equal(["fork c"], mother.Do(state => state.Order("c", Walls(3))));
    }

    [Theory]
    [InlineData("pid out err")]
    [InlineData("out pid err")]
    [InlineData("err out pid")]
    [InlineData("out err pid")]
    public void A_child_is_launched_once_both_of_its_connections_are_there(string order)
    {
        var mother = MotherOnPaper.Warm();
        mother.Do(state => state.Order("a", Walls(1)));

        var effects = order.Split(' ').SelectMany(what => what switch
        {
            "pid" => mother.Do(state => state.Forked("a", 7)),
            "out" => mother.Call("a", ChildStream.Frames),
            _ => mother.Call("a", ChildStream.Stderr),
        }).ToList();

        Assert.Equal(["keep a", "keep a", "launch a"], effects);
        Assert.Equal(["reap 7"], mother.Do(state => state.Ended("a")));
        Assert.Equal(["end a 256"], mother.Do(state => state.Reaped(7, 256)));
    }

    [Fact]
    public void A_child_that_has_not_ended_yet_is_asked_for_again()
    {
        var mother = MotherOnPaper.Warm();
        mother.Launch("a");
        mother.Do(state => state.Ended("a"));

        Assert.Equal(["later a"], mother.Do(state => state.Reaped(7, null)));
        Assert.Equal(["reap 7"], mother.Do(state => state.AskAgain("a")));
        Assert.Equal(["end a unknown"], mother.Do(state => state.Reaped(7, ChildReaped.Unknown)));
        Assert.Empty(mother.Do(state => state.AskAgain("a")));
    }

    [Fact]
    public void A_call_that_is_not_expected_is_hung_up()
    {
        var mother = MotherOnPaper.Warm();
        mother.Do(state => state.Order("a", Walls(1)));
        Assert.Equal(["hang up guessed"], mother.Call("guessed", ChildStream.Frames));
        Assert.Equal(["keep a"], mother.Call("a", ChildStream.Frames));
        Assert.Equal(["hang up a"], mother.Call("a", ChildStream.Frames));
        Assert.Equal(["keep a", "launch a"], mother.Call("a", ChildStream.Stderr));

        Assert.Equal(["hang up a"], mother.Call("a", ChildStream.Frames)); // a token is used once
    }

    [Fact]
    public void An_order_that_is_given_up_before_she_is_warm_is_never_sent()
    {
        var mother = new MotherOnPaper();
        mother.Do(state => state.Order("a", Walls(1)));

        Assert.Equal(["end a unknown"], mother.Do(state => state.GiveUp("a")));
        Assert.Equal(["warm"], mother.Do(state => state.Warmed()));
    }

    [Fact]
    public void The_child_of_an_order_that_is_given_up_is_hung_up_and_reaped()
    {
        var mother = MotherOnPaper.Warm();
        mother.Do(state => state.Order("a", Walls(1)));
        mother.Call("a", ChildStream.Frames);

        Assert.Equal(["drop a"], mother.Do(state => state.GiveUp("a")));
        Assert.Equal(["hang up a"], mother.Call("a", ChildStream.Stderr));
        Assert.Equal(["reap 7"], mother.Do(state => state.Forked("a", 7)));
        Assert.Equal(["end a 0"], mother.Do(state => state.Reaped(7, 0)));
        Assert.Empty(mother.State.Children);
    }

    [Fact]
    public void A_launched_child_cannot_be_given_up_any_more()
    {
        var mother = MotherOnPaper.Warm();
        mother.Launch("a");

        Assert.Empty(mother.Do(state => state.GiveUp("a")));
    }

    [Fact]
    public void A_fork_that_fails_is_told_and_she_goes_on()
    {
        var mother = MotherOnPaper.Warm();
        mother.Do(state => state.Order("a", Walls(1)));

        Assert.Equal(["refuse a"], mother.Do(state => state.ForkFailed("a", "no pid left")));
        Assert.Equal(["fork b"], mother.Do(state => state.Order("b", Walls(1))));
    }

    [Fact]
    public void A_child_that_does_not_call_in_time_retires_her_and_the_others_live_on()
    {
        var mother = MotherOnPaper.Warm();
        mother.Launch("a");
        mother.Do(state => state.Order("b", Walls(2)));

        Assert.Equal(["retires", "retry b"], mother.Do(state => state.Stalled("b")));
        Assert.Equal(["reroute c"], mother.Do(state => state.Order("c", Walls(3))));
        Assert.Equal(["reap 8"], mother.Do(state => state.Forked("b", 8)));
        Assert.Equal(["end b 9"], mother.Do(state => state.Reaped(8, 9)));
        Assert.Equal(["reap 7"], mother.Do(state => state.Ended("a")));
        Assert.Equal(["end a 0", "kill"], mother.Do(state => state.Reaped(7, 0)));
    }

    [Fact]
    public void A_child_that_ends_before_it_calls_retires_her_and_another_gets_the_order()
    {
        var mother = MotherOnPaper.Warm();
        mother.Do(state => state.Order("a", Walls(1)));
        Assert.Equal(["look a"], mother.Do(state => state.AskAgain("a"))); // she has not told the pid
        mother.Do(state => state.Forked("a", 7));

        Assert.Equal(["reap 7"], mother.Do(state => state.AskAgain("a")));
        Assert.Equal(["look a"], mother.Do(state => state.Reaped(7, null))); // it lives, and may call
        Assert.Equal(["reap 7"], mother.Do(state => state.AskAgain("a")));
        Assert.Equal(["retires", "retry a", "kill"], mother.Do(state => state.Reaped(7, 71 << 8)));
    }

    [Fact]
    public void A_child_that_is_launched_while_she_looks_whether_it_has_ended_is_launched_all_the_same()
    {
        var mother = MotherOnPaper.Warm();
        mother.Do(state => state.Order("a", Walls(1)));
        mother.Do(state => state.Forked("a", 7));
        mother.Do(state => state.AskAgain("a"));
        mother.Call("a", ChildStream.Frames);
        Assert.Equal(["keep a", "launch a"], mother.Call("a", ChildStream.Stderr));

        Assert.Empty(mother.Do(state => state.AskAgain("a")));
        Assert.Empty(mother.Do(state => state.Ended("a"))); // her answer is on its way
        Assert.Equal(["later a"], mother.Do(state => state.Reaped(7, null)));
        Assert.Equal(["reap 7"], mother.Do(state => state.AskAgain("a")));
        Assert.Equal(["end a 0"], mother.Do(state => state.Reaped(7, 0)));
    }

    [Fact]
    public void What_she_has_told_of_a_childs_end_before_its_sandbox_has_ended_is_told_then()
    {
        var mother = MotherOnPaper.Warm();
        mother.Do(state => state.Order("a", Walls(1)));
        mother.Do(state => state.Forked("a", 7));
        mother.Do(state => state.AskAgain("a"));
        mother.Call("a", ChildStream.Frames);
        mother.Call("a", ChildStream.Stderr);

        Assert.Empty(mother.Do(state => state.Reaped(7, 9)));
        Assert.Equal(["end a 9"], mother.Do(state => state.Ended("a")));
    }

    [Fact]
    public void One_that_does_not_tell_how_a_child_has_ended_retires_and_is_killed_when_no_child_is_left()
    {
        var mother = MotherOnPaper.Warm();
        mother.Launch("a");
        mother.Do(state => state.Ended("a"));

        Assert.Equal(["end a unknown", "retires", "kill"], mother.Do(state => state.Stalled("a")));
    }

    [Fact]
    public void What_a_retired_one_tells_too_late_is_no_matter()
    {
        var mother = MotherOnPaper.Warm();
        mother.Launch("b");
        mother.Do(state => state.Order("a", Walls(1)));
        mother.Do(state => state.Stalled("a"));
        mother.Do(state => state.Stalled("a"));

        Assert.Empty(mother.Do(state => state.Reaped(9, 0)));
        Assert.Equal(MotherPhase.Retired, mother.State.Phase);
    }

    [Fact]
    public void A_retired_one_without_children_is_killed_at_once()
    {
        var mother = MotherOnPaper.Warm();

        Assert.Equal(["retires", "kill"], mother.Do(state => state.Retire()));
        Assert.Equal(["dead"], mother.Do(state => state.Died("killed")));
    }

    [Theory]
    [InlineData("forked what was not ordered")]
    [InlineData("forked twice")]
    [InlineData("failed what was not ordered")]
    [InlineData("reaped what was not asked for")]
    public void One_that_breaks_the_protocol_is_killed(string how)
    {
        var mother = MotherOnPaper.Warm();
        mother.Launch("a");
        mother.Do(state => state.Order("b", Walls(2)));

        var effects = mother.Do(state => how switch
        {
            "forked what was not ordered" => state.Forked("x", 9),
            "forked twice" => state.Forked("a", 9),
            "failed what was not ordered" => state.ForkFailed("x", "no pid left"),
            _ => state.Reaped(7, 0),
        });

        Assert.Equal(["retires", "refuse b", "kill"], effects);
        Assert.Equal(["end a unknown", "dead"], mother.Do(state => state.Died("killed")));
    }

    [Fact]
    public void Her_death_answers_every_order()
    {
        var mother = MotherOnPaper.Warm();
        mother.Launch("a");
        mother.Do(state => state.Order("b", Walls(2)));
        mother.Launch("c");
        mother.Do(state => state.Ended("c"));

        Assert.Equal(["retires", "refuse b", "end a unknown", "end c unknown", "dead"], mother.Do(state => state.Died("killed")));
        Assert.Equal(["reroute d"], mother.Do(state => state.Order("d", Walls(1))));
        Assert.Equal(["end a unknown"], mother.Do(state => state.Ended("a")));
    }

    private static ChildWalls Walls(int slot) => new(slot, 32 << 20, 33 << 20);
}
