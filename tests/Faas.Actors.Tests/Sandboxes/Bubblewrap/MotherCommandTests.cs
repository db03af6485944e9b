using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Bubblewrap;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Bubblewrap;

public sealed class MotherCommandTests
{
    private const string Meeting = "/run/mother-1";
    private static readonly LaunchPlan s_plan = BubblewrapCommandTests.Plan;

    [Fact]
    public void She_sees_the_files_of_a_sandbox_and_the_meeting_place_in_her_tmp()
    {
        var mother = MotherCommand.Build(s_plan, Meeting);
        var sandbox = BubblewrapCommand.Build(s_plan);

        Assert.Equal(Binds(sandbox).Append((Meeting, "/tmp/meeting")).Order(), Binds(mother).Append(("/proc/sys", "/proc/sys")).Order());
        Assert.DoesNotContain("--bind", mother);
    }

    [Fact]
    public void She_has_namespaces_of_her_own_and_four_capabilities_in_them()
    {
        var mother = MotherCommand.Build(s_plan, Meeting);

        Assert.All(
            ["--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--as-pid-1", "--die-with-parent", "--new-session"],
            flag => Assert.Contains(flag, mother));
        Assert.Equal(
            ["CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID", "CAP_SETFCAP"],
            mother.Zip(mother.Skip(1)).Where(pair => pair.First == "--cap-add").Select(pair => pair.Second));
        Assert.DoesNotContain("--disable-userns", mother);
    }

    [Fact]
    public void As_root_the_server_maps_her_users_and_as_another_user_bubblewrap_does()
    {
        Assert.Contains("--userns-block-fd", MotherCommand.Build(s_plan, Meeting));
        Assert.DoesNotContain("--userns-block-fd", MotherCommand.Build(s_plan with { Uid = null }, Meeting));
        Assert.DoesNotContain("setpriv", MotherCommand.Build(s_plan with { Uid = null }, Meeting));
    }

    [Fact]
    public void She_runs_the_mother_of_the_runtime_with_the_zygotes_flags()
    {
        var mother = MotherCommand.Build(s_plan, Meeting);
        var sandbox = BubblewrapCommand.Build(s_plan);

        Assert.Equal("/faas/mother.py", mother[^1]);
        Assert.Equal(sandbox.SkipLast(1).TakeLast(8), mother.SkipLast(1).TakeLast(8));
    }

    [Fact]
    public void Her_processes_are_not_limited_by_their_user_who_is_the_user_of_all_mothers() =>
        Assert.Equal(
            [Resource.OpenFiles, Resource.CoreBytes, Resource.FileBytes], MotherCommand.Limits(s_plan).Select(limit => limit.Resource));

    private static IEnumerable<(string, string)> Binds(IReadOnlyList<string> command) =>
        command.Select((argument, at) => (argument, at)).Where(one => one.argument == "--ro-bind")
            .Select(one => (command[one.at + 1], command[one.at + 2]));
}
