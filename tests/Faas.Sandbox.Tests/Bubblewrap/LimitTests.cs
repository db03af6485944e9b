using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Sandbox.Tests.Bubblewrap;

[Collection(nameof(LauncherUnderTest))]
public abstract class LimitTests(LaunchMode launch)
{
    [Fact]
    public async Task The_kernel_has_the_limits_of_the_settings()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(
            launch, options => options with { MemoryBytes = 96 << 20, Cpus = 0.5, Pids = 24 });
        await launcher.StartAsync();

        Assert.Equal("100663296", launcher.Limit("memory", "memory.limit_in_bytes", "memory.max"));
        Assert.StartsWith("50000", launcher.Limit("cpu", "cpu.cfs_quota_us", "cpu.max"), StringComparison.Ordinal);
        Assert.Equal("24", launcher.Limit("pids", "pids.max", "pids.max"));
    }

    [Theory]
    [InlineData(96L << 20, 0.5, 24)]
    [InlineData(512L << 20, 2, 200)]
    public async Task The_limits_of_a_sandbox_that_runs_can_be_set_anew(long memory, double cpus, int pids)
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();

        await sandbox.Process.SetLimitsAsync(new SandboxLimits(memory, cpus, pids));

        Assert.Equal($"{memory}", launcher.Limit("memory", "memory.limit_in_bytes", "memory.max"));
        Assert.StartsWith($"{cpus * 100_000}", launcher.Limit("cpu", "cpu.cfs_quota_us", "cpu.max"), StringComparison.Ordinal);
        Assert.Equal($"{pids}", launcher.Limit("pids", "pids.max", "pids.max"));
        Assert.Equal(7, (await sandbox.ReturnAsync("return 7")).GetInt32());
    }

    [Fact]
    public async Task The_limits_of_a_sandbox_that_is_gone_cannot_be_set()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();
        sandbox.Process.Kill();
        await sandbox.Process.Exited;

        await Assert.ThrowsAnyAsync<IOException>(() => sandbox.Process.SetLimitsAsync(new SandboxLimits(96 << 20, 1, 24)));
    }

    [Fact]
    public async Task A_file_may_be_as_large_as_the_tmp_of_its_own_sandbox()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        const string code = "import resource\nreturn resource.getrlimit(resource.RLIMIT_FSIZE)";
        var usual = await launcher.StartAsync();
        var larger = await launcher.StartAsync(Runtime.Python, 64 << 20);

        Assert.Equal(Twice((32 << 20) + 4096), (await usual.ReturnAsync(code)).GetRawText());
        Assert.Equal(Twice((64 << 20) + 4096), (await larger.ReturnAsync(code)).GetRawText());

        static string Twice(long bytes) => $"[{bytes},{bytes}]";
    }

    [Fact]
    public async Task Every_process_of_a_sandbox_is_under_its_limits()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();
        await sandbox.RunUntilItPrintsAsync(
            "import subprocess\nchild = subprocess.Popen(['sleep', 'infinity'])\nprint('up', flush=True)\nchild.wait()");

        var limited = launcher.Limit("memory", "cgroup.procs", "cgroup.procs").Split('\n').Select(int.Parse);

        Assert.Equal(launcher.Processes.Select(process => process.Pid).Order(), limited.Order());
    }

    [Fact]
    public async Task The_kernel_says_what_a_sandbox_holds()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();
        var before = sandbox.Process.MemoryBytes;

        await sandbox.RunUntilItPrintsAsync("held = bytearray(b'x') * (20 << 20)\nprint('up', flush=True)\nimport time\ntime.sleep(100)");

        Assert.InRange(before, launch == LaunchMode.Exec ? 1 << 20 : 64 << 10, 40 << 20); // a fork shares what its mother holds
        Assert.True(sandbox.Process.MemoryBytes - before >= 20 << 20, $"{before} and then {sandbox.Process.MemoryBytes}");
    }

    [Fact]
    public async Task A_program_that_takes_too_much_memory_is_killed_and_counted()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch, options => options with { MemoryBytes = 64 << 20 });
        var sandbox = await launcher.StartAsync();
        Assert.Equal(0, sandbox.Process.Counters.OomKills);

        var ran = await sandbox.RunAsync("return len(b'x' * (256 << 20))");

        Assert.Null(ran.Result);
        Assert.Equal(9, ran.End.Signal);
        Assert.Equal(1, sandbox.Process.Counters.OomKills);
        await sandbox.Process.DisposeAsync();
        Assert.Equal(1, sandbox.Process.Counters.OomKills);
    }

    [Fact]
    public async Task What_a_program_writes_to_tmp_is_memory_too()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(
            launch, options => options with { MemoryBytes = 64 << 20, TmpBytes = 1L << 30 });
        var sandbox = await launcher.StartAsync();

        var ran = await sandbox.RunAsync(
            "with open('/tmp/f', 'wb') as f:\n    for _ in range(256): f.write(b'x' * (1 << 20))\nreturn 'written'");

        Assert.Null(ran.Result);
        Assert.True(sandbox.Process.Counters.OomKills > 0);
    }

    [Fact]
    public async Task Another_sandboxs_kills_are_not_counted()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch, options => options with { MemoryBytes = 64 << 20 });
        var greedy = await launcher.StartAsync();
        var modest = await launcher.StartAsync();

        await greedy.RunAsync("return len(b'x' * (256 << 20))");

        Assert.Equal((1, 0), (greedy.Process.Counters.OomKills, modest.Process.Counters.OomKills));
        Assert.Equal(7, (await modest.ReturnAsync("return 7")).GetInt32());
    }

    [Fact]
    public async Task Processes_end_at_the_limit()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch, options => options with { Pids = 16 });
        var sandbox = await launcher.StartAsync();

        var forked = (await sandbox.ReturnAsync("""
            import os, signal
            forked = 0
            try:
                while forked < 100:
                    if os.fork() == 0:
                        signal.pause()
                    forked += 1
            except BlockingIOError:
                pass
            return forked
            """)).GetInt32();

        Assert.InRange(forked, 8, 15); // bubblewrap, the zygote and the program count as processes too
    }

    [Fact]
    public async Task Two_servers_on_one_machine_keep_their_cgroups_apart()
    {
        await using var server = await FaasServer.StartAsync();
        await using (var launcher = await LauncherUnderTest.OpenAsync(launch))
        {
            await launcher.StartAsync();
        }

        Assert.NotEmpty(server.Processes());
        Assert.Empty(await LauncherUnderTest.TracesAsync(ServerIdentity.Own));
        Assert.Equal(0, await server.StopAsync());
        Directory.Delete(server.Folder, true);
    }
}
