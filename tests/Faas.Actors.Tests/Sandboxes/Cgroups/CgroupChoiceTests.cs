using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class CgroupChoiceTests : CgroupHierarchies
{
    private static readonly string[] s_controllers = ["memory", "cpu", "pids"];

    [Fact]
    public async Task Version_2_comes_first()
    {
        var mounts = Mounts([.. s_controllers, "unified"]);
        MakeFile("unified/cgroup.controllers", "memory cpu pids");

        await using var cgroups = await WithKernelAsync(() => CgroupChoice.OpenAsync(SandboxTestOptions.Default, mounts, Root), "unified");

        Assert.IsType<CgroupV2>(cgroups);
        Assert.False(Directory.Exists(DirectoryOf("memory")));
    }

    [Fact]
    public async Task On_a_hybrid_machine_version_1_has_the_controllers()
    {
        var mounts = Mounts([.. s_controllers, "unified"]);
        MakeFile("unified/cgroup.controllers");

        await using var cgroups = await WithKernelAsync(
            () => CgroupChoice.OpenAsync(SandboxTestOptions.Default, mounts, Root), s_controllers);

        Assert.IsType<CgroupV1>(cgroups);
    }

    [Fact]
    public async Task Without_either_it_says_why_neither_works_and_how_to_mend_it()
    {
        var refused = await Assert.ThrowsAsync<SandboxStartException>(
            () => CgroupChoice.OpenAsync(SandboxTestOptions.Default, Mounts(), Root));

        Assert.Contains("cgroup-v2: not mounted", refused.Message, StringComparison.Ordinal);
        Assert.Contains("cgroup-v1: no controller memory, cpu, pids is mounted", refused.Message, StringComparison.Ordinal);
        Assert.Contains("systemd: systemd does not govern this machine", refused.Message, StringComparison.Ordinal);
        Assert.Contains("faas.sandbox.limits = unlimited", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task There_are_no_limits_only_when_the_operator_says_so()
    {
        var options = SandboxTestOptions.Default with { Limits = LimitsDriver.Unlimited };

        await using var cgroups = await CgroupChoice.OpenAsync(options, Mounts(), Root);
        var sandbox = cgroups.Create("7");
        await sandbox.RemoveAsync();

        Assert.Equal("unlimited", cgroups.Name);
        Assert.Empty(sandbox.ProcsFiles);
        Assert.Equal(default, sandbox.Counters);
    }

    [Fact]
    public async Task Limits_are_enforced_also_where_the_operator_would_go_without()
    {
        var options = SandboxTestOptions.Default with { Limits = LimitsDriver.Unlimited };

        await using var cgroups = await WithKernelAsync(() => CgroupChoice.OpenAsync(options, Mounts(s_controllers), Root), s_controllers);

        Assert.IsType<CgroupV1>(cgroups);
    }

    [Theory]
    [InlineData(LimitsDriver.CgroupV2, "faas.sandbox.limits = cgroup-v2 does not work here: no controller memory, cpu, pids in ")]
    [InlineData(LimitsDriver.CgroupV1, "faas.sandbox.limits = cgroup-v1 does not work here: no controller memory, cpu, pids is mounted.")]
    [InlineData(LimitsDriver.Systemd, "faas.sandbox.limits = systemd does not work here: systemd does not govern this machine.")]
    public async Task A_driver_that_is_wanted_and_does_not_work_is_refused_for_its_own_reason(LimitsDriver driver, string why)
    {
        var mounts = Mounts("unified");
        MakeFile("unified/cgroup.controllers");
        var options = SandboxTestOptions.Default with { Limits = driver };

        var refused = await Assert.ThrowsAsync<SandboxStartException>(() => CgroupChoice.OpenAsync(options, mounts, Root));

        Assert.StartsWith(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_driver_that_is_wanted_is_taken_though_another_would_come_first()
    {
        var mounts = Mounts([.. s_controllers, "unified"]);
        MakeFile("unified/cgroup.controllers", "memory cpu pids");
        var options = SandboxTestOptions.Default with { Limits = LimitsDriver.CgroupV1 };

        await using var cgroups = await WithKernelAsync(() => CgroupChoice.OpenAsync(options, mounts, Root), s_controllers);

        Assert.IsType<CgroupV1>(cgroups);
    }

    [Theory]
    [InlineData(1, 100_000)]
    [InlineData(0.25, 25_000)]
    [InlineData(2.5, 250_000)]
    [InlineData(0.001, 1000)]
    public void A_quota_is_a_share_of_each_period_and_never_below_what_the_kernel_takes(double cpus, long microseconds) =>
        Assert.Equal(microseconds, new SandboxLimits(1, cpus, 1).CpuQuotaMicroseconds);
}
