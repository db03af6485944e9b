using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Cgroups;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class CgroupChoiceTests : CgroupHierarchies
{
    private static readonly string[] s_controllers = ["memory", "cpu", "pids"];

    [Fact]
    public void Version_2_comes_first()
    {
        var mounts = Mounts([.. s_controllers, "unified"]);
        MakeFile("unified/cgroup.controllers", "memory cpu pids");

        using var cgroups = WithKernel(() => CgroupChoice.Open(SandboxTestOptions.Default, mounts), "unified");

        Assert.IsType<CgroupV2>(cgroups);
        Assert.False(Directory.Exists(DirectoryOf("memory")));
    }

    [Fact]
    public void On_a_hybrid_machine_version_1_has_the_controllers()
    {
        var mounts = Mounts([.. s_controllers, "unified"]);
        MakeFile("unified/cgroup.controllers");

        using var cgroups = WithKernel(() => CgroupChoice.Open(SandboxTestOptions.Default, mounts), s_controllers);

        Assert.IsType<CgroupV1>(cgroups);
    }

    [Fact]
    public void Without_either_it_says_why_neither_works_and_how_to_mend_it()
    {
        var refused = Assert.Throws<SandboxStartException>(() => CgroupChoice.Open(SandboxTestOptions.Default, Mounts()));

        Assert.Contains("cgroup v2: not mounted", refused.Message, StringComparison.Ordinal);
        Assert.Contains("cgroup v1: no controller memory, cpu, pids is mounted", refused.Message, StringComparison.Ordinal);
        Assert.Contains("faas.sandbox.limits = unlimited", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task There_are_no_limits_only_when_the_operator_says_so()
    {
        using var cgroups = CgroupChoice.Open(SandboxTestOptions.Default with { AllowUnlimited = true }, Mounts());
        var sandbox = cgroups.Create("7");
        await sandbox.RemoveAsync();

        Assert.Equal("unlimited", cgroups.Name);
        Assert.Empty(sandbox.ProcsFiles);
        Assert.Equal(default, sandbox.Counters);
    }

    [Fact]
    public void Limits_are_enforced_also_where_the_operator_would_go_without()
    {
        using var cgroups = WithKernel(() => CgroupChoice.Open(SandboxTestOptions.Default with { AllowUnlimited = true }, Mounts(s_controllers)), s_controllers);

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
