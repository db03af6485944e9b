using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class CgroupV1Tests : CgroupHierarchies
{
    private static readonly string[] s_controllers = ["memory", "cpu", "pids"];

    [Fact]
    public void Each_limit_is_written_into_its_own_hierarchy()
    {
        new CgroupV1(Limits, Mounts(s_controllers)).Create("7");

        Assert.Equal("67108864", Read("memory", "7", "memory.limit_in_bytes"));
        Assert.Equal("100000", Read("cpu", "7", "cpu.cfs_period_us"));
        Assert.Equal("50000", Read("cpu", "7", "cpu.cfs_quota_us"));
        Assert.Equal("32", Read("pids", "7", "pids.max"));
    }

    [Fact]
    public void Without_a_limit_on_swap_the_kernel_is_told_not_to_swap()
    {
        new CgroupV1(Limits, Mounts(s_controllers)).Create("7");

        Assert.Equal("0", Read("memory", "7", "memory.swappiness"));
        Assert.False(File.Exists(Path.Combine(DirectoryOf("memory", "7"), "memory.memsw.limit_in_bytes")));
    }

    [Fact]
    public void With_one_memory_and_swap_together_have_the_limit_of_memory()
    {
        var cgroups = new CgroupV1(Limits, Mounts(s_controllers));
        MakeFile(Path.Combine(DirectoryOf("memory", "7"), "memory.memsw.limit_in_bytes"), "9223372036854771712");

        cgroups.Create("7");

        Assert.Equal("67108864", Read("memory", "7", "memory.memsw.limit_in_bytes"));
    }

    [Theory]
    [InlineData(16L << 20, "20000", "8")]
    [InlineData(256L << 20, "400000", "128")]
    public async Task Limits_are_set_anew(long bytes, string quota, string pids)
    {
        var cgroups = new CgroupV1(Limits, Mounts(s_controllers));
        MakeFile(Path.Combine(DirectoryOf("memory", "7"), "memory.memsw.limit_in_bytes"), "9223372036854771712");
        var sandbox = cgroups.Create("7");

        await sandbox.SetLimitsAsync(new SandboxLimits(bytes, double.Parse(quota, null) / 100_000, int.Parse(pids, null)));

        Assert.Equal($"{bytes}", Read("memory", "7", "memory.limit_in_bytes"));
        Assert.Equal($"{bytes}", Read("memory", "7", "memory.memsw.limit_in_bytes"));
        Assert.Equal((quota, pids), (Read("cpu", "7", "cpu.cfs_quota_us"), Read("pids", "7", "pids.max")));
    }

    [Fact]
    public void A_process_must_join_all_three() =>
        Assert.Equal(
            s_controllers.Select(controller => Path.Combine(DirectoryOf(controller, "7"), "cgroup.procs")),
            new CgroupV1(Limits, Mounts(s_controllers)).Create("7").ProcsFiles);

    [Fact]
    public async Task What_the_kernel_has_counted_outlives_the_directories()
    {
        string[] all = [.. s_controllers, "cpuacct"];
        var sandbox = new CgroupV1(Limits, Mounts(all)).Create("7");
        MakeFile(Path.Combine(DirectoryOf("cpuacct", "7"), "cpuacct.usage"), "1500999\n");
        MakeFile(Path.Combine(DirectoryOf("memory", "7"), "memory.max_usage_in_bytes"), "4096\n");
        var control = MakeFile(
            Path.Combine(DirectoryOf("memory", "7"), "memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        var counters = new KernelCounters(2, TimeSpan.FromMicroseconds(1500), 4096);
        Assert.Equal(counters, sandbox.Counters);

        var removal = sandbox.RemoveAsync();
        Assert.False(removal.IsCompleted);
        await File.WriteAllTextAsync(control, "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"); // the last process still runs
        Array.ForEach(["pids", "cpu", "cpuacct"], controller => Empty(controller, "7"));
        while (Directory.Exists(DirectoryOf("cpuacct", "7")))
        {
            await Task.Yield();
        }

        Empty("memory", "7");
        await removal;

        Assert.Equal(counters with { OomKills = 3 }, sandbox.Counters);
        Assert.All(all, controller => Assert.False(Directory.Exists(DirectoryOf(controller, "7"))));
    }

    [Fact]
    public void Where_processor_time_is_counted_by_a_hierarchy_of_its_own_a_process_must_join_that_too() =>
        Assert.Contains(
            Path.Combine(DirectoryOf("cpuacct", "7"), "cgroup.procs"),
            new CgroupV1(Limits, Mounts([.. s_controllers, "cpuacct"])).Create("7").ProcsFiles);

    [Fact]
    public void A_sandbox_whose_directories_cannot_all_be_made_leaves_none()
    {
        var cgroups = new CgroupV1(Limits, Mounts(s_controllers));
        MakeFile(DirectoryOf("memory", "7"), "in the way");

        Assert.Throws<IOException>(() => cgroups.Create("7"));

        Assert.All(s_controllers, controller => Assert.False(Directory.Exists(DirectoryOf(controller, "7"))));
    }

    [Fact]
    public async Task A_controller_that_is_not_mounted_is_named()
    {
        var opening = await CgroupV1.OpenAsync(Limits, Mounts("memory"));

        Assert.False(opening.Succeeded);
        Assert.Equal("no controller cpu, pids is mounted", opening.Why);
    }

    [Fact]
    public async Task A_hierarchy_that_cannot_be_written_is_the_reason_and_the_others_stay_clean()
    {
        var mounts = Mounts(s_controllers);
        Directory.Delete(mounts.V1["cpu"]);
        File.WriteAllText(mounts.V1["cpu"], "no folder");

        var opening = await CgroupV1.OpenAsync(Limits, mounts);

        Assert.False(opening.Succeeded);
        Assert.Contains(mounts.V1["cpu"], opening.Why, StringComparison.Ordinal);
        Assert.False(Directory.Exists(DirectoryOf("memory")));
    }

    [Fact]
    public async Task An_open_driver_has_a_directory_in_each_hierarchy_until_it_is_disposed_of()
    {
        var mounts = Mounts(s_controllers);
        var cgroups = (await WithKernelAsync(() => CgroupV1.OpenAsync(Limits, mounts), s_controllers)).Value!;

        Assert.Equal("cgroup v1", cgroups.Name);
        Assert.All(s_controllers, controller => Assert.Empty(Directory.GetFileSystemEntries(DirectoryOf(controller))));
        await cgroups.DisposeAsync();
        Assert.All(s_controllers, controller => Assert.False(Directory.Exists(DirectoryOf(controller))));
    }
}
