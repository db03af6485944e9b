using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Cgroups;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class ScopeTests
{
    [Fact]
    public void A_scope_bears_the_name_of_its_server() => Assert.Equal(ServerIdentity.Own, ScopeName.ServerIn(ScopeName.Of("7")));

    [Theory]
    [InlineData("faas-12-345.67-8.scope", "12-345.67")]
    [InlineData("faas-12-345-7.scope", null)]
    [InlineData("faas-12-345.scope", null)]
    [InlineData("faas-12-345-7.service", null)]
    [InlineData("faas-my-own-7.scope", null)]
    [InlineData("session-1.scope", null)]
    [InlineData("", null)]
    public void Of_others_there_is_no_server(string unit, string? server) => Assert.Equal(server, ScopeName.ServerIn(unit));

    [Theory]
    [InlineData("ActiveState=active\nResult=success\n", false, false, false)]
    [InlineData("ActiveState=deactivating\nResult=oom-kill\n", false, false, true)]
    [InlineData("Result=oom-kill\nActiveState=failed\n", true, true, true)]
    [InlineData("Result=timeout\nActiveState=failed\n", true, true, false)]
    [InlineData("ActiveState=inactive\nResult=success\n", true, false, false)]
    public void What_systemd_shows_says_whether_it_is_over_and_why(string shown, bool over, bool failed, bool oom) =>
        Assert.Equal(new ScopeState(over, failed, oom), ScopeState.Parse(shown));
}
