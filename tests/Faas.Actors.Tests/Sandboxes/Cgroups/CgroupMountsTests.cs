using Faas.Actors.Sandboxes.Cgroups;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class CgroupMountsTests
{
    private const string V1 = """
        22 1 254:1 / / rw,relatime - ext4 /dev/root rw
        30 22 0:27 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        31 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct
        34 30 0:31 / /sys/fs/cgroup/memory rw,nosuid shared:10 master:1 - cgroup cgroup rw,memory
        38 30 0:35 / /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids
        39 30 0:36 / /sys/fs/cgroup/systemd rw,nosuid - cgroup cgroup rw,xattr,name=systemd
        """;

    private const string V2 =
        "31 25 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot";

    [Fact]
    public void Version_1_has_a_hierarchy_for_each_controller_also_where_two_share_one()
    {
        var mounts = Read(V1);

        Assert.Null(mounts.V2);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct", mounts.V1["cpu"]);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct", mounts.V1["cpuacct"]);
        Assert.Equal("/sys/fs/cgroup/memory", mounts.V1["memory"]);
        Assert.Equal("/sys/fs/cgroup/pids", mounts.V1["pids"]);
    }

    [Fact]
    public void Systemds_own_hierarchy_is_no_controller() => Assert.False(Read(V1).V1.ContainsKey("systemd"));

    [Fact]
    public void Version_2_has_one_hierarchy()
    {
        var mounts = Read(V2);

        Assert.Equal("/sys/fs/cgroup", mounts.V2);
        Assert.Empty(mounts.V1);
    }

    [Fact]
    public void A_hybrid_machine_has_both()
    {
        var mounts = Read(V1 + "\n40 30 0:37 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw");

        Assert.Equal("/sys/fs/cgroup/unified", mounts.V2);
        Assert.Equal("/sys/fs/cgroup/memory", mounts.V1["memory"]);
    }

    [Fact]
    public void The_first_of_several_mounts_counts()
    {
        var mounts = Read(
            V2 + "\n99 25 0:26 / /run/other rw - cgroup2 cgroup2 rw\n" + V1 + "\n98 25 0:31 / /run/memory rw - cgroup cgroup rw,memory");

        Assert.Equal("/sys/fs/cgroup", mounts.V2);
        Assert.Equal("/sys/fs/cgroup/memory", mounts.V1["memory"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("- cgroup2 cgroup2 rw")]
    [InlineData("31 25 0:26 / /sys/fs/cgroup rw - cgroup2")]
    [InlineData("31 25 0:26 / /home/cgroup2 rw - ext4 /dev/sda rw,memory")]
    public void Other_lines_are_passed_over(string line)
    {
        var mounts = Read(line);

        Assert.Null(mounts.V2);
        Assert.Empty(mounts.V1);
    }

    private static CgroupMounts Read(string text) => CgroupMounts.Parse(text.Split('\n'));
}
