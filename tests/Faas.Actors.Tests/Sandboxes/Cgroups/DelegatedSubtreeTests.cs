using Faas.Actors.Sandboxes.Cgroups;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class DelegatedSubtreeTests : OwnFolder
{
    private const string Mount = "/sys/fs/cgroup";

    [Theory]
    [InlineData("/system.slice/faas.service", "/sys/fs/cgroup/system.slice/faas.service")]
    [InlineData("/system.slice/faas.service/server", "/sys/fs/cgroup/system.slice/faas.service")]
    public async Task What_systemd_has_handed_over_is_taken_also_by_a_server_that_is_in_its_leaf_already(string path, string subtree)
    {
        var server = Server(path, isRoot: false, hasSystemd: true, handedOver: "/sys/fs/cgroup/system.slice/faas.service");

        Assert.Equal(subtree, (await DelegatedSubtree.FindAsync(Mount, server)).Value);
    }

    [Fact]
    public async Task A_directory_that_only_has_the_leafs_name_is_taken_itself()
    {
        var server = Server("/a/server", isRoot: true, hasSystemd: true, handedOver: "/sys/fs/cgroup/a/server");

        Assert.Equal("/sys/fs/cgroup/a/server", (await DelegatedSubtree.FindAsync(Mount, server)).Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_systemd_has_not_handed_over_is_left_alone_also_where_it_could_be_written(bool isRoot)
    {
        var server = Server("/user.slice/run-7.service", isRoot, hasSystemd: true) with { IsOwn = _ => true };

        var found = await DelegatedSubtree.FindAsync(Mount, server);

        Assert.False(found.Succeeded);
        Assert.Equal("systemd has not handed /user.slice/run-7.service over to the server, as Delegate=yes in its unit would", found.Why);
    }

    [Fact]
    public async Task Without_systemd_root_takes_the_top() =>
        Assert.Equal(Mount, (await DelegatedSubtree.FindAsync(Mount, Server("/somewhere", isRoot: true, hasSystemd: false))).Value);

    [Theory]
    [InlineData("/mine", "/sys/fs/cgroup/mine")]
    [InlineData("/mine/server", "/sys/fs/cgroup/mine")]
    public async Task Without_systemd_others_take_their_own_where_they_may_write_it(string path, string subtree)
    {
        var server = Server(path, isRoot: false, hasSystemd: false) with { IsOwn = folder => folder == "/sys/fs/cgroup/mine" };

        Assert.Equal(subtree, (await DelegatedSubtree.FindAsync(Mount, server)).Value);
    }

    [Fact]
    public async Task Others_are_told_whose_it_is_not()
    {
        var found = await DelegatedSubtree.FindAsync(Mount, Server("/", isRoot: false, hasSystemd: false));

        Assert.False(found.Succeeded);
        Assert.Equal("/ is not the server's to write", found.Why);
    }

    [Theory]
    [InlineData(null, "/")]
    [InlineData(Mount, null)]
    public async Task Without_the_hierarchy_that_is_the_reason(string? mount, string? path)
    {
        var found = await DelegatedSubtree.FindAsync(mount, Server(path, isRoot: true, hasSystemd: false));

        Assert.False(found.Succeeded);
        Assert.Equal("not mounted", found.Why);
    }

    [Fact]
    public void Processes_stay_at_the_top_of_the_hierarchy()
    {
        var procs = MakeFile("cgroup.procs", "1\n2\n");

        DelegatedSubtree.MoveProcesses(Folder);

        Assert.Equal("1\n2\n", File.ReadAllText(procs));
        Assert.False(Directory.Exists(Path.Combine(Folder, "server")));
    }

    [Fact]
    public void Where_no_process_is_only_the_leaf_is_made()
    {
        MakeFile("cgroup.events", "populated 0\n");
        MakeFile("cgroup.procs");

        DelegatedSubtree.MoveProcesses(Folder);

        Assert.Empty(Directory.GetFiles(Path.Combine(Folder, "server")));
    }

    [Fact]
    public void Processes_of_a_pid_namespace_out_of_sight_cannot_be_moved()
    {
        MakeFile("cgroup.events", "populated 1\n");
        MakeFile("cgroup.procs", "0\n");

        var refused = Assert.Throws<IOException>(() => DelegatedSubtree.MoveProcesses(Folder));

        Assert.Equal($"a process of another pid namespace is in {Folder} and cannot be moved", refused.Message);
    }

    private static OwnCgroup Server(string? path, bool isRoot, bool hasSystemd, string? handedOver = null) =>
        new(path, isRoot, hasSystemd, folder => Task.FromResult(folder == handedOver), _ => false);
}
