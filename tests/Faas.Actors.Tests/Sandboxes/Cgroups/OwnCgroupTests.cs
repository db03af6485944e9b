using Faas.Actors.Sandboxes.Cgroups;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class OwnCgroupTests
{
    [Theory]
    [InlineData("0::/\n", "/")]
    [InlineData("0::/system.slice/faas.service\n", "/system.slice/faas.service")]
    [InlineData("12:pids:/user.slice\n1:name=systemd:/init.scope\n0::/user.slice/a::b\n", "/user.slice/a::b")]
    [InlineData("12:pids:/user.slice\n4:cpu,cpuacct:/\n", null)]
    [InlineData("10::/not/the/unified\n", null)]
    [InlineData("", null)]
    public void The_path_in_the_unified_hierarchy_is_that_of_number_0_without_a_controller(string lines, string? path) =>
        Assert.Equal(path, OwnCgroup.PathIn(lines.Split('\n')));

    [Fact]
    public async Task A_file_without_the_mark_is_not_handed_over() =>
        Assert.False(await OwnCgroup.Read().IsHandedOverAsync("/proc/self/cgroup"));
}
