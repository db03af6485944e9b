using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Bubblewrap;

public sealed class BubblewrapCommandTests
{
    internal static readonly LaunchPlan Plan = new()
    {
        Runtime = Runtime.Python,
        Bubblewrap = "/opt/bin/bwrap",
        Uid = 4_200_003,
        ProcsFiles = ["/cg/memory/7/cgroup.procs", "/cg/pids/7/cgroup.procs"],
        Filter = "/run/seccomp.bpf",
        Etc = "/run/etc",
        Zygote = "/srv/runtimes/python",
        Node = "/srv/node",
        Python = "/usr/bin/python3.11",
        UsrLinks = [("/bin", "usr/bin"), ("/lib64", "usr/lib64")],
        RootFolders = ["/lib32"],
        MemoryBytes = 128 << 20,
        TmpBytes = 32 << 20,
        Pids = 64,
    };

    [Fact]
    public void The_shell_parses_nothing_that_varies()
    {
        var nasty = Plan with
        {
            ProcsFiles = ["/cg/$(reboot) '\"; x/cgroup.procs"],
            Filter = "/run/`x`/a b",
            Etc = "/run/$HOME/*",
            Bubblewrap = "b w",
        };
        var command = BubblewrapCommand.Build(nasty);

        Assert.Equal(BubblewrapCommand.Build(Plan).Take(4), command.Take(4));
        Assert.Equal(["/bin/sh", "-c"], command.Take(2));
        Assert.All([nasty.ProcsFiles[0], nasty.Filter, nasty.Etc, nasty.Bubblewrap], value => Assert.Contains(value, command));
    }

    [Fact]
    public void What_brings_it_under_limits_comes_first_of_all() =>
        Assert.Equal(
            ["systemd-run", "--scope", .. BubblewrapCommand.Build(Plan)],
            BubblewrapCommand.Build(Plan with { Prefix = ["systemd-run", "--scope"] }));

    [Fact]
    public void The_folders_of_an_image_are_bound_read_only_and_its_modules_are_named_to_zygote_and_mother()
    {
        var plan = Plan with { Packages = ["/opt/a b", "/opt/c"], Preload = ["numpy", "pandas"] };
        string[] folders =
            ["--perms", "0755", "--dir", "/packages", "--ro-bind", "/opt/a b", "/packages/1", "--ro-bind", "/opt/c", "/packages/2"];
        string[] arguments = ["--packages=/packages/1", "--packages=/packages/2", "--preload=numpy", "--preload=pandas"];
        foreach (var command in (IReadOnlyList<string>[])[BubblewrapCommand.Build(plan), MotherCommand.Build(plan, "/run/meeting")])
        {
            Assert.Equal(arguments, command.TakeLast(4));
            Assert.Contains(string.Join('\n', folders), string.Join('\n', command), StringComparison.Ordinal);
        }

        var node = BubblewrapCommand.Build(plan with { Runtime = Runtime.Node });
        Assert.Equal(["/faas/zygote.mjs", "--preload=numpy", "--preload=pandas"], node.TakeLast(3));
        Assert.Contains("--ro-bind\n/opt/a b/node_modules\n/node_modules", string.Join('\n', node), StringComparison.Ordinal);
        Assert.DoesNotContain("/packages", BubblewrapCommand.Build(Plan));
    }

    [Fact]
    public void There_is_an_empty_folder_for_a_layer_before_the_root_becomes_read_only()
    {
        foreach (var command in ((Runtime[])[Runtime.Node, Runtime.Python]).Select(runtime => Plan with { Runtime = runtime })
            .SelectMany(plan => (IReadOnlyList<string>[])[BubblewrapCommand.Build(plan), MotherCommand.Build(plan, "/run/meeting")]))
        {
            var line = string.Join('\n', command);
            Assert.InRange(
                line.IndexOf("--perms\n0755\n--dir\n/libraries", StringComparison.Ordinal),
                0,
                line.IndexOf("--remount-ro\n/\n", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void It_joins_its_cgroups_before_anything_else() =>
        Assert.Equal([.. Plan.ProcsFiles, "--", Plan.Filter, "setpriv"], BubblewrapCommand.Build(Plan).Skip(4).Take(5));

    [Fact]
    public void As_root_it_gives_up_root_and_all_capabilities_before_bubblewrap()
    {
        string[] givesUp =
        [
            "setpriv", "--reuid", "4200003", "--regid", "4200003", "--clear-groups", "--no-new-privs", "--inh-caps=-all",
            "--bounding-set=-all", "--",
        ];

        AssertFollow(BubblewrapCommand.Build(Plan), [.. givesUp, Plan.Bubblewrap]);
    }

    [Fact]
    public void Not_as_root_there_is_nothing_to_give_up() =>
        AssertFollow(BubblewrapCommand.Build(Plan with { Uid = null }), ["--", Plan.Filter, Plan.Bubblewrap]);

    [Fact]
    public void What_cgroups_do_not_count_is_limited() =>
        Assert.Equal(
            [
                new(Resource.OpenFiles, 1024), new(Resource.CoreBytes, 1), new(Resource.FileBytes, (32 << 20) + 4096),
                new(Resource.Processes, 64),
            ],
            BubblewrapCommand.Limits(Plan));

    [Fact]
    public void A_file_may_be_as_large_as_the_larger_of_the_folders_in_memory() =>
        Assert.Contains(new(Resource.FileBytes, (16 << 20) + 4096), BubblewrapCommand.Limits(Plan with { TmpBytes = 1 << 20 }));

    [Fact]
    public void Not_as_root_there_is_no_limit_that_counts_the_users_other_processes() =>
        Assert.DoesNotContain(BubblewrapCommand.Limits(Plan with { Uid = null }), limit => limit.Resource == Resource.Processes);

    [Theory]
    [InlineData("--unshare-user")]
    [InlineData("--unshare-ipc")]
    [InlineData("--unshare-pid")]
    [InlineData("--unshare-net")]
    [InlineData("--unshare-uts")]
    [InlineData("--unshare-cgroup-try")]
    [InlineData("--disable-userns")]
    [InlineData("--uid", "1000")]
    [InlineData("--gid", "1000")]
    [InlineData("--hostname", "sandbox")]
    [InlineData("--cap-drop", "ALL")]
    [InlineData("--as-pid-1")]
    [InlineData("--die-with-parent")]
    [InlineData("--new-session")]
    [InlineData("--seccomp", "9")]
    [InlineData("--clearenv")]
    [InlineData("--ro-bind", "/usr", "/usr")]
    [InlineData("--ro-bind", "/run/etc", "/etc")]
    [InlineData("--ro-bind", "/srv/runtimes/python", "/faas")]
    [InlineData("--ro-bind", "/lib32", "/lib32")]
    [InlineData("--symlink", "usr/bin", "/bin")]
    [InlineData("--symlink", "usr/lib64", "/lib64")]
    [InlineData("--proc", "/proc")]
    [InlineData("--dev", "/dev")]
    [InlineData("--size", "33554432", "--tmpfs", "/tmp")]
    [InlineData("--size", "16777216", "--tmpfs", "/dev/shm")]
    [InlineData("--remount-ro", "/dev")]
    [InlineData("--remount-ro", "/")]
    [InlineData("--chdir", "/tmp")]
    public void Every_wall_stands(params string[] wall)
    {
        AssertFollow(Walls(Plan), wall);
        AssertFollow(Walls(Plan with { Uid = null }), wall);
        AssertFollow(Walls(Plan with { Runtime = Runtime.Node }), wall);
    }

    [Fact]
    public void Nothing_of_the_host_can_be_written()
    {
        Assert.DoesNotContain("--bind", Walls(Plan));
        Assert.DoesNotContain("--dev-bind", Walls(Plan));
    }

    [Fact]
    public void What_becomes_read_only_does_so_after_all_that_is_mounted_in_it()
    {
        var walls = Walls(Plan);

        Assert.True(IndexOf(walls, "--proc", "/proc") < IndexOf(walls, "--ro-bind", "/proc/sys", "/proc/sys"));
        Assert.True(IndexOf(walls, "--dev", "/dev") < IndexOf(walls, "--tmpfs", "/dev/shm"));
        Assert.True(IndexOf(walls, "--tmpfs", "/dev/shm") < IndexOf(walls, "--remount-ro", "/dev"));
        string[] mounts = ["--ro-bind", "--symlink", "--proc", "--dev", "--tmpfs"];
        var lastMount = walls.FindLastIndex(mounts.Contains);
        Assert.True(lastMount < IndexOf(walls, "--remount-ro", "/"));
    }

    [Fact]
    public void The_environment_is_cleared_and_then_has_three_variables()
    {
        var walls = Walls(Plan);
        var cleared = walls.IndexOf("--clearenv");

        Assert.Equal(3, walls.Count(argument => argument == "--setenv"));
        Assert.True(cleared < walls.IndexOf("--setenv"));
        Assert.Equal(["HOME", "LANG", "PATH"], SandboxEnvironment.Variables.Keys.Order());
        Assert.All(SandboxEnvironment.Variables, variable => AssertFollow(walls, ["--setenv", variable.Key, variable.Value]));
    }

    [Fact]
    public void Bubblewrap_0_6_gets_no_flag_that_it_does_not_know()
    {
        var walls = Walls(Plan with { HasSize = false, HasDisableUserns = false });

        Assert.DoesNotContain("--size", walls);
        Assert.DoesNotContain("--disable-userns", walls);
        Assert.Equal(Walls(Plan).Where(argument => argument is not ("--size" or "33554432" or "16777216" or "--disable-userns")), walls);
    }

    [Fact]
    public void Python_runs_isolated() => AssertEnd(
        BubblewrapCommand.Build(Plan),
        ["--", "/usr/bin/python3.11", "-I", "-S", "-E", "-B", "-X", "frozen_modules=on", "-X", "utf8", "/faas/zygote.py"]);

    [Theory]
    [InlineData(128L << 20, "--max-heap-size=96")]
    [InlineData(32L << 20, "--max-heap-size=16")]
    [InlineData(1L << 40, "--max-heap-size=1048544")]
    public void Nodes_whole_heap_fits_into_the_sandbox_beside_the_rest(long memory, string flag)
    {
        var command = BubblewrapCommand.Build(Plan with { Runtime = Runtime.Node, MemoryBytes = memory, Zygote = "/srv/runtimes/node" });

        AssertEnd(
            command,
            [
                "--", "/faas-bin/node", "--no-warnings", "--experimental-ffi", "--v8-pool-size=0", "--single-threaded", "--disable-sigusr1",
                flag, "/faas/zygote.mjs",
            ]);
    }

    [Theory]
    [InlineData(Runtime.Node)]
    [InlineData(Runtime.Python)]
    public void Node_and_python3_on_the_path_are_the_runtimes_own(Runtime runtime)
    {
        AssertFollow(Walls(Plan with { Runtime = runtime }), ["--ro-bind", "/srv/node", "/faas-bin/node"]);
        AssertFollow(Walls(Plan with { Runtime = runtime }), ["--symlink", "/usr/bin/python3.11", "/faas-bin/python3"]);
    }

    private static List<string> Walls(LaunchPlan plan)
    {
        var command = BubblewrapCommand.Build(plan).ToList();
        var start = command.IndexOf(plan.Bubblewrap) + 1;
        return command[start..command.IndexOf("--", start)];
    }

    private static int IndexOf(List<string> arguments, params string[] wanted) =>
        Enumerable.Range(0, arguments.Count).First(at => arguments.Skip(at).Take(wanted.Length).SequenceEqual(wanted));

    private static void AssertFollow(IReadOnlyList<string> arguments, string[] wanted) =>
        Assert.True(
            Enumerable.Range(0, arguments.Count).Any(at => arguments.Skip(at).Take(wanted.Length).SequenceEqual(wanted)),
            $"{string.Join(' ', wanted)} is not in {string.Join(' ', arguments)}");

    private static void AssertEnd(IReadOnlyList<string> arguments, string[] end) => Assert.Equal(end, arguments.TakeLast(end.Length));
}
