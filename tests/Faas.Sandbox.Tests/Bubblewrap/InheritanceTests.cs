using System.Net.Sockets;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary>Tests that a sandbox inherits nothing from the server that starts it.</summary>
[Collection(nameof(LauncherUnderTest))]
public abstract class InheritanceTests(LaunchMode launch)
{
    private const string Stay = "import time\nprint('up', flush=True)\ntime.sleep(1e6)";

    [Theory]
    [InlineData(Runtime.Python, Stay)]
    [InlineData(Runtime.Node, "console.log('up')\nsetInterval(() => {}, 1e6)\nawait new Promise(() => {})")]
    public async Task The_environment_of_every_process_in_it_is_its_own(Runtime runtime, string code)
    {
        const string secret = "FAAS_TEST_SECRET";
        Environment.SetEnvironmentVariable(secret, "of the server");
        try
        {
            await using var launcher = await LauncherUnderTest.OpenAsync(launch);
            var sandbox = await launcher.StartAsync(runtime);
            await sandbox.RunUntilItPrintsAsync(code);

            Assert.True(launcher.Processes.Count >= (launch == LaunchMode.Exec ? 3 : 2)); // bubblewrap, zygote, program
            Assert.All(launcher.Processes, process =>
            {
                Assert.Empty(process.Environment.Keys.Except(["PATH", "HOME", "LANG", "PWD"]));
                Assert.Equal("/faas-bin:/usr/local/bin:/usr/bin:/bin", process.Environment["PATH"]);
            });
        }
        finally
        {
            Environment.SetEnvironmentVariable(secret, null);
        }
    }

    [Theory]
    [InlineData(Runtime.Python, Stay)]
    [InlineData(Runtime.Node, "console.log('up')\nsetInterval(() => {}, 1e6)\nawait new Promise(() => {})")]
    public async Task No_process_in_it_has_a_descriptor_of_the_server_but_its_own_streams(Runtime runtime, string code)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var before = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        LinuxCalls.MakeInheritable(before.SafeFileHandle);
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        using var after = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        LinuxCalls.MakeInheritable(after.SafeHandle);
        var mine = HostProcess.DescriptorsOf("self");
        Assert.Contains(path, mine);

        var sandbox = await launcher.StartAsync(runtime);
        await sandbox.RunUntilItPrintsAsync(code);

        // A pipe has the same number at both ends, so it can be recognized. A descriptor without a number in /proc (eventfd, /dev/null)
        // cannot, so it is left out. A socket has another number at each end: a sandbox that is a fork has two of them, and no pipe.
        mine = HostProcess.DescriptorsOf("self");
        var shared = launcher.Processes.SelectMany(process => process.Descriptors).Intersect(mine)
            .Where(target => target != "/dev/null" && !target.StartsWith("anon_inode:", StringComparison.Ordinal)).ToList();
        Assert.Equal(launch == LaunchMode.Exec ? 3 : 0, shared.Count);
        Assert.All(shared, target => Assert.StartsWith("pipe:", target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_program_itself_has_none_of_the_zygotes()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();
        await sandbox.RunUntilItPrintsAsync(Stay);

        var mine = HostProcess.DescriptorsOf("self");
        var program = launcher.Processes.Single(process => process.IsInside && !process.IsZygote);
        Assert.DoesNotContain(program.Descriptors.Intersect(mine), target => target.StartsWith("pipe:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_a_private_umask_sandboxes_start_all_the_same()
    {
        var umask = LinuxCalls.SetUmask(0x3f); // 077
        try
        {
            await using var launcher = await LauncherUnderTest.OpenAsync(launch);
            var sandbox = await launcher.StartAsync();

            Assert.Equal("script", (await sandbox.ReturnAsync("import getpass\nreturn getpass.getuser()")).GetString());
        }
        finally
        {
            _ = LinuxCalls.SetUmask(umask);
        }
    }
}
