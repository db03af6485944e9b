using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Mothers;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Mothers;

public sealed class WallCallsTests
{
    private const int LastCapability = 40;
    private static readonly IReadOnlyList<SystemCall> s_calls = WallCalls.InChild(64, LastCapability);

    [Fact]
    public void Every_call_says_what_it_is_good_for() =>
        Assert.All([.. WallCalls.BeforeFork(), .. s_calls], call => Assert.NotEmpty(call.Why));

    [Fact]
    public void What_a_call_uses_was_returned_by_an_earlier_one() => Assert.All(
        s_calls.SelectMany((call, at) => call.Arguments.OfType<CallArgument.Was>().Select(was => (was.Call, at))),
        use => Assert.InRange(use.Call, 0, use.at - 1));

    [Fact]
    public void Every_descriptor_that_is_opened_is_closed()
    {
        string[] opening = ["openat", "socket"];
        var opened = s_calls.Select((call, at) => (call, at)).Where(one => opening.Contains(one.call.Call)
            || (one.call.Call == "syscall" && one.call.Arguments[0] is CallArgument.Number { Value: 430 or 432 })).Select(one => one.at);
        var closed = s_calls.Where(call => call.Call == "close").Select(call => ((CallArgument.Was)call.Arguments[0]).Call);

        Assert.Equal(opened.Order(), closed.Order());
    }

    [Fact]
    public void It_is_in_its_cgroups_before_it_gives_up_its_rights_and_before_the_cgroups_are_hidden()
    {
        var waits = IndexOf(call => call.Call == "read");

        Assert.True(waits < IndexOf(call => call.Call == "unshare" && call.Arguments[0] == 0x2000000L));
        Assert.True(waits < IndexOf(call => call.Call == "capset"));
    }

    [Fact]
    public void Proc_is_made_before_the_user_namespace_and_shown_after_it()
    {
        var made = IndexOf(call => call.Call == "syscall" && call.Arguments[0] == 432L);
        var entered = IndexOf(call => call.Call == "unshare");
        var shown = IndexOf(call => call.Call == "syscall" && call.Arguments[0] == 429L);

        Assert.True(made < entered && entered < shown);
    }

    [Fact]
    public void Its_group_changes_before_its_user_who_could_not_change_it() =>
        Assert.True(IndexOf(call => call.Call == "setresgid") < IndexOf(call => call.Call == "setresuid"));

    [Fact]
    public void Each_capability_of_the_kernel_leaves_the_bounding_set() => Assert.Equal(
        Enumerable.Range(0, LastCapability + 1).Select(number => (CallArgument)number),
        s_calls.Where(call => call.Call == "prctl" && call.Arguments[0] == 24L).Select(call => call.Arguments[1]));

    [Fact]
    public void The_filter_comes_last_of_all()
    {
        Assert.Equal(("prctl", 22L), (s_calls[^1].Call, ((CallArgument.Number)s_calls[^1].Arguments[0]).Value));
        Assert.Equal(38L, ((CallArgument.Number)s_calls[^2].Arguments[0]).Value); // no_new_privs, without which it needs a capability
    }

    [Fact]
    public void A_limit_on_processes_is_set_only_where_the_user_is_the_sandboxes_own()
    {
        static bool LimitsProcesses(SystemCall call) => call.Call == "setrlimit" && call.Arguments[0] == (long)Resource.Processes;
        Assert.Contains(s_calls, LimitsProcesses);
        Assert.DoesNotContain(WallCalls.InChild(null, LastCapability), LimitsProcesses);
    }

    [Fact]
    public void The_size_of_tmp_is_given_with_the_order() =>
        Assert.Contains(s_calls, call => call.Arguments.Contains(new CallArgument.Given(WallCalls.Tmp)));

    private static int IndexOf(Func<SystemCall, bool> which)
    {
        var at = s_calls.ToList().FindIndex(call => which(call));
        Assert.NotEqual(-1, at);
        return at;
    }
}
