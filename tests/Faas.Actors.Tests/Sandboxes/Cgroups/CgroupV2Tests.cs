using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class CgroupV2Tests : CgroupHierarchies
{
    [Fact]
    public void Every_limit_is_written_into_the_one_directory()
    {
        new CgroupV2(Limits, MakeFolder("unified")).Create("7");

        Assert.Equal("67108864", Read("unified", "7", "memory.max"));
        Assert.Equal("50000 100000", Read("unified", "7", "cpu.max"));
        Assert.Equal("32", Read("unified", "7", "pids.max"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Swap_is_forbidden_where_the_kernel_counts_it(bool counted)
    {
        var swap = Path.Combine(DirectoryOf("unified", "7"), "memory.swap.max");
        if (counted)
        {
            MakeFile(swap, "max");
        }

        new CgroupV2(Limits, MakeFolder("unified")).Create("7");

        Assert.Equal(counted ? "0" : null, File.Exists(swap) ? File.ReadAllText(swap) : null);
    }

    [Fact]
    public async Task Limits_are_set_anew()
    {
        var sandbox = new CgroupV2(Limits, MakeFolder("unified")).Create("7");

        await sandbox.SetLimitsAsync(new SandboxLimits(256 << 20, 2, 128));

        Assert.Equal(
            ("268435456", "200000 100000", "128"),
            (Read("unified", "7", "memory.max"), Read("unified", "7", "cpu.max"), Read("unified", "7", "pids.max")));
    }

    [Fact]
    public void A_process_joins_the_one_directory() =>
        Assert.Equal(
            [Path.Combine(DirectoryOf("unified", "7"), "cgroup.procs")],
            new CgroupV2(Limits, MakeFolder("unified")).Create("7").ProcsFiles);

    [Fact]
    public async Task What_the_kernel_has_counted_outlives_the_directory()
    {
        var sandbox = new CgroupV2(Limits, MakeFolder("unified")).Create("7");
        MakeFile(Path.Combine(DirectoryOf("unified", "7"), "memory.events"), "low 0\nhigh 0\nmax 9\noom 4\noom_kill 3\noom_group_kill 8\n");
        MakeFile(Path.Combine(DirectoryOf("unified", "7"), "memory.peak"), "4096\n");
        MakeFile(Path.Combine(DirectoryOf("unified", "7"), "cpu.stat"), "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n");
        var counters = new KernelCounters(3, TimeSpan.FromMicroseconds(1500), 4096);
        Assert.Equal(counters, sandbox.Counters);

        var removal = sandbox.RemoveAsync();
        Assert.False(removal.IsCompleted);
        Empty("unified", "7");
        await removal;

        Assert.Equal(counters, sandbox.Counters);
        Assert.False(Directory.Exists(DirectoryOf("unified", "7")));
    }

    [Fact]
    public void A_sandbox_that_cannot_even_be_named_is_an_io_failure()
    {
        MakeFile(DirectoryOf("unified", "7"), "in the way");

        Assert.Throws<IOException>(() => new CgroupV2(Limits, MakeFolder("unified")).Create("7"));
    }

    [Fact]
    public async Task Without_the_hierarchy_that_is_the_reason()
    {
        var opening = await CgroupV2.OpenAsync(Limits, null, Root);

        Assert.False(opening.Succeeded);
        Assert.Equal("not mounted", opening.Why);
    }

    [Theory]
    [InlineData("", "memory, cpu, pids")]
    [InlineData("cpuset cpu io\n", "memory, pids")]
    public async Task Controllers_that_the_kernel_does_not_offer_are_named(string offered, string missing)
    {
        var mounts = Mounts("unified");
        MakeFile("unified/cgroup.controllers", offered);

        var opening = await CgroupV2.OpenAsync(Limits, mounts.V2, Root);

        Assert.False(opening.Succeeded);
        Assert.Equal($"no controller {missing} in {mounts.V2}", opening.Why);
    }

    [Fact]
    public async Task A_hierarchy_that_cannot_be_read_is_a_reason_and_no_failure()
    {
        var opening = await CgroupV2.OpenAsync(Limits, Mounts("unified").V2, Root);

        Assert.False(opening.Succeeded);
        Assert.Contains("cgroup.controllers", opening.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hierarchy_that_cannot_be_written_is_the_reason_and_nothing_is_left_in_it()
    {
        var mounts = Mounts("unified");
        MakeFile("unified/cgroup.controllers", "cpu memory pids");
        MakeFolder("unified", "cgroup.subtree_control"); // a folder in the place of the file

        var opening = await CgroupV2.OpenAsync(Limits, mounts.V2, Root);

        Assert.False(opening.Succeeded);
        Assert.Contains("cgroup.subtree_control", opening.Why, StringComparison.Ordinal);
        Assert.False(Directory.Exists(DirectoryOf("unified")));
    }

    [Fact]
    public async Task The_controllers_are_handed_down_to_the_sandboxes_from_the_top()
    {
        var mounts = Mounts("unified");
        MakeFile("unified/cgroup.controllers", "cpuset cpu io memory hugetlb pids rdma\n");

        await using var cgroups = (await WithKernelAsync(() => CgroupV2.OpenAsync(Limits, mounts.V2, Root), "unified")).Value!;

        Assert.Equal("cgroup v2", cgroups.Name);
        Assert.All(
            (string[])[mounts.V2!, Path.Combine(mounts.V2!, "faas"), DirectoryOf("unified")],
            folder => Assert.Equal("+memory +cpu +pids", File.ReadAllText(Path.Combine(folder, "cgroup.subtree_control"))));
    }
}
