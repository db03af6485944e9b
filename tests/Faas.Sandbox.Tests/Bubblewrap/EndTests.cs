using System.Collections.Concurrent;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary>Tests how sandboxes end, and that nothing is left of them.</summary>
[Collection(nameof(LauncherUnderTest))]
public abstract class EndTests(LaunchMode launch)
{
    private const string Brood = """
        import os, signal, subprocess
        for _ in range(5):
            subprocess.Popen(['setsid', 'sleep', 'infinity'])
        print('up', flush=True)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True: signal.pause()
        """;

    [Fact]
    public async Task A_kill_ends_every_process_and_removes_the_cgroup()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();
        await sandbox.RunUntilItPrintsAsync(Brood);
        Assert.True(launcher.Processes.Count >= 7); // zygote, program, its five, and bubblewrap where it starts each sandbox

        sandbox.Process.Kill();
        var exit = await sandbox.Process.Exited;

        Assert.Equal(137, exit.ExitCode);
        Assert.Empty(await LauncherUnderTest.CgroupsAsync());

        // A process that ends leaves its cgroup a moment before the kernel shows it as dead.
        await Eventually.HoldsAsync(() => launcher.Processes.Count == 0, TimeSpan.FromSeconds(1), () => "a process is left");
    }

    [Fact]
    public async Task It_may_be_killed_and_disposed_of_again_and_again()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();

        sandbox.Process.Kill();
        sandbox.Process.Kill();
        await sandbox.Process.DisposeAsync();
        sandbox.Process.Kill();
        await sandbox.Process.DisposeAsync();

        Assert.Equal(137, (await sandbox.Process.Exited).ExitCode);
    }

    [Fact]
    public async Task Disposing_of_a_running_one_is_enough()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync();
        await sandbox.RunUntilItPrintsAsync(Brood);

        await sandbox.Process.DisposeAsync();

        Assert.Empty(launcher.Processes);
        Assert.Empty(await LauncherUnderTest.CgroupsAsync());
    }

    [Theory]
    [InlineData(Runtime.Python)]
    [InlineData(Runtime.Node)]
    public async Task At_the_end_of_its_input_it_ends_by_itself(Runtime runtime)
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandbox = await launcher.StartAsync(runtime);

        await sandbox.Process.Input.CompleteAsync();

        Assert.Equal(new SandboxExit(0, ""), await sandbox.Process.Exited);
    }

    [Fact]
    public async Task Its_pipes_are_closed_with_it()
    {
        static int Pipes() => HostProcess.DescriptorsOf("self").Count(
            target => target.StartsWith("pipe:", StringComparison.Ordinal) || target.StartsWith("socket:", StringComparison.Ordinal));
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        await (await launcher.StartAsync()).Process.DisposeAsync();
        var before = Pipes();

        for (var i = 0; i < 5; i++)
        {
            await (await launcher.StartAsync()).Process.DisposeAsync();
        }

        Assert.Equal(before, Pipes());
    }

    [Fact]
    public async Task Twenty_at_once_start_run_and_stop()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var sandboxes = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => launcher.StartAsync(i % 5 == 0 ? Runtime.Node : Runtime.Python)));

        var zygotes = launcher.Processes.Where(process => process.IsZygote).ToList();
        Assert.Equal(20, zygotes.Count);
        Assert.Equal(Environment.IsPrivilegedProcess ? 20 : 1, zygotes.SelectMany(process => process.Uids).Distinct().Count());
        var returned = await Task.WhenAll(sandboxes.Select((sandbox, i) => sandbox.ReturnAsync($"return {i}")));
        Assert.Equal(Enumerable.Range(0, 20), returned.Select(data => data.GetInt32()));

        await Task.WhenAll(sandboxes.Select(sandbox => sandbox.Process.DisposeAsync().AsTask()));
        Assert.Empty(launcher.Processes);
        Assert.Empty(await LauncherUnderTest.CgroupsAsync());
    }

    [Fact]
    public async Task One_that_is_killed_while_it_is_being_built_leaves_nothing()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);

        await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            var process = await launcher.Launcher.StartAsync(new ImageKey(Runtime.Python), CancellationToken.None);
            for (var yields = 0; yields < i * 20; yields++)
            {
                await Task.Yield(); // each sandbox is killed at another moment of its start
            }

            await process.DisposeAsync();
        }));

        Assert.Empty(launcher.Processes);
        Assert.Empty(await LauncherUnderTest.CgroupsAsync());
    }

    [Fact]
    [Trait("Needs", "root")]
    public async Task A_start_that_is_cancelled_leaves_nothing_and_its_user_is_the_next_ones()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => launcher.Launcher.StartAsync(new ImageKey(Runtime.Python), new CancellationToken(true)));

        Assert.Empty(await LauncherUnderTest.CgroupsAsync());
        await launcher.StartAsync();
        Assert.Equal(launcher.FirstUid, launcher.Processes.Single(process => process.IsZygote).Uids.First());
    }

    [Fact]
    public async Task Sandboxes_outlive_the_threads_that_asked_for_them()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(launch);
        var ended = new ConcurrentBag<int>();
        var sandboxes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                ended.Add(LinuxCalls.ThreadId());
                return launcher.StartAsync().GetAwaiter().GetResult(); // waits, so that the thread lives until the sandbox is up
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning, // each task has a thread of its own
            TaskScheduler.Default)));

        // Once a thread's entry is gone, the kernel has signalled the processes that should die with that thread.
        while (ended.Any(thread => Directory.Exists($"/proc/self/task/{thread}")))
        {
            await Task.Yield();
        }

        var returned = await Task.WhenAll(sandboxes.Select(sandbox => sandbox.ReturnAsync("return 'alive'")));

        Assert.Equal(Enumerable.Repeat("alive", 8), returned.Select(data => data.GetString()));
    }

    [Fact]
    public async Task A_server_that_is_killed_leaves_no_process_and_the_next_one_removes_the_rest()
    {
        var server = await FaasServer.StartAsync("faas.pool.spares { node = 1, python = 2 }");
        IReadOnlyList<HostProcess> Processes() => Environment.IsPrivilegedProcess
            ? HostProcess.Of(server.FirstUid + 1, server.FirstUid + FaasServerProcess.UidsEach)
            : HostProcess.OfServer(server.Pid);
        await Eventually.HoldsAsync(
            () => Processes().Count(process => process.IsZygote) == 3, TimeSpan.FromMinutes(2), () => "it has no sandboxes");
        var identity = $"{server.Pid}-{File.ReadAllText($"/proc/{server.Pid}/stat").Split(") ")[^1].Split(' ')[19]}";
        Assert.NotEmpty(await LauncherUnderTest.TracesAsync(identity));

        await server.KillAsync();

        await Eventually.HoldsAsync(() => Processes().Count == 0, TimeSpan.FromMinutes(2), () => "processes are left");
        await using (await LauncherUnderTest.OpenAsync(launch))
        {
            Assert.Empty(await LauncherUnderTest.TracesAsync(identity));
        }

        await server.DisposeAsync();
        Directory.Delete(server.Folder, true);
    }

    [Fact]
    public async Task A_launcher_that_cannot_be_opened_leaves_nothing()
    {
        await Assert.ThrowsAsync<SandboxStartException>(
            () => LauncherUnderTest.OpenAsync(launch, options => options with { Bubblewrap = "/bin/false" }));
        await Assert.ThrowsAsync<SandboxStartException>(
            () => LauncherUnderTest.OpenAsync(launch, options => options with { Python = "/no/python" }));

        Assert.Empty(await LauncherUnderTest.TracesAsync(ServerIdentity.Own));
    }
}
