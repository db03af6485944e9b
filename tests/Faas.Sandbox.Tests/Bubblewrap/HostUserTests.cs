using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Sandbox.Tests.Bubblewrap;

[Collection(nameof(LauncherUnderTest))]
public abstract class HostUserTests(LaunchMode launch)
{
    [Theory]
    [InlineData(Runtime.Python, "import time\nprint('up', flush=True)\ntime.sleep(1e6)")]
    [InlineData(Runtime.Node, "console.log('up')\nsetInterval(() => {}, 1e6)\nawait new Promise(() => {})")]
    [Trait("Needs", "root")]
    public async Task The_program_never_runs_as_host_root(Runtime runtime, string code)
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync(runtime);
        await sandbox.RunUntilItPrintsAsync(code);

        var processes = launcher.Processes;
        Assert.Contains(processes, process => process.IsInside && !process.IsZygote); // the program itself
        Assert.All(processes, process =>
        {
            Assert.All(process.Uids.Concat(process.Gids), id => Assert.Equal(launcher.FirstUid, id));
            Assert.All(process.Status["Groups"], group => Assert.Equal($"{launcher.FirstUid}", group));
        });
    }

    [Fact]
    public async Task No_process_in_a_sandbox_has_a_capability_or_can_gain_one_and_the_filter_is_loaded()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();
        await sandbox.RunUntilItPrintsAsync("import time\nprint('up', flush=True)\ntime.sleep(1e6)");

        Assert.All(launcher.Processes.Where(process => process.IsInside), process =>
        {
            Assert.All(
                (string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"],
                set => Assert.Equal("0000000000000000", process.Status[set][0]));
            Assert.Equal("1", process.Status["NoNewPrivs"][0]);
            Assert.Equal("2", process.Status["Seccomp"][0]);
        });
    }

    [Fact]
    [Trait("Needs", "root")]
    public async Task Two_sandboxes_are_two_host_users()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        await launcher.StartAsync();
        await launcher.StartAsync();

        var users = launcher.Processes.Where(process => process.IsZygote).Select(process => process.Uids.First()).Order();

        Assert.Equal([launcher.FirstUid, launcher.FirstUid + 1], users);
    }

    [Fact]
    [Trait("Needs", "root")]
    public async Task The_user_of_a_sandbox_that_is_gone_is_the_next_ones()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var first = await launcher.StartAsync();
        await launcher.StartAsync();
        await first.Process.DisposeAsync();
        await launcher.StartAsync();

        var users = launcher.Processes.Where(process => process.IsZygote).Select(process => process.Uids.First()).Order();

        Assert.Equal([launcher.FirstUid, launcher.FirstUid + 1], users);
    }

    [Fact]
    public async Task Inside_it_is_a_user_with_a_name_that_cannot_become_root()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();

        var data = await sandbox.ReturnAsync("""
            import os, pwd
            try:
                os.setuid(0)
                became = 'root'
            except OSError: # the sandbox's namespace has no such user
                became = 'nothing'
            return [os.getuid(), os.getgid(), pwd.getpwuid(os.getuid()).pw_name, became]
            """);

        Assert.Equal("""[1000,1000,"script","nothing"]""", data.GetRawText().Replace(" ", "", StringComparison.Ordinal));
    }
}
