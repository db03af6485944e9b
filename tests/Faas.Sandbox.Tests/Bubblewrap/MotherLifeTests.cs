using System.Globalization;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary>Tests real mothers: how they are replaced, and what happens when they die or stand still at any moment.</summary>
[Collection(nameof(LauncherUnderTest))]
[Trait("Needs", "root")]
public sealed class MotherLifeTests
{
    private const string Layout = "import ctypes\nreturn [id(None), hash('x'), ctypes.addressof(ctypes.c_int.in_dll(ctypes.pythonapi, 'Py_OptimizeFlag'))]";

    [Fact]
    public async Task Sandboxes_of_one_mother_share_her_layout_and_those_of_another_do_not()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(
            LaunchMode.Fork, options => options with { Mothers = new MotherOptions(2, TimeSpan.FromMinutes(10)) });
        async Task<string> LayoutAsync()
        {
            var sandbox = await launcher.StartAsync();
            var layout = (await sandbox.ReturnAsync(Layout)).GetRawText();
            await sandbox.Process.DisposeAsync();
            return layout;
        }

        var first = await LayoutAsync();
        Assert.Equal(first, await LayoutAsync());
        await Eventually.HoldsAsync(
            async () => await LayoutAsync() != first, TimeSpan.FromSeconds(20), () => "every mother has the same layout");
    }

    [Fact]
    public async Task Sandboxes_of_one_mother_have_random_numbers_of_their_own()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(LaunchMode.Fork);
        var numbers = new List<string>();
        for (var sandbox = 0; sandbox < 3; sandbox++)
        {
            numbers.Add((await (await launcher.StartAsync()).ReturnAsync("import random\nreturn random.random()")).GetRawText());
            numbers.Add((await (await launcher.StartAsync(Runtime.Node)).ReturnAsync("return Math.random()")).GetRawText());
        }

        Assert.Equal(6, numbers.Distinct().Count());
    }

    [Fact]
    public async Task Her_death_ends_her_sandboxes_and_the_next_one_has_another_mother()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(LaunchMode.Fork);
        var sandboxes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => launcher.StartAsync()));

        KillAll(launcher, SandboxSignal.Kill);
        var exits = await Task.WhenAll(sandboxes.Select(sandbox => sandbox.Process.Exited));

        Assert.All(exits, exit => Assert.Equal(137, exit.ExitCode));
        Assert.Empty(launcher.Processes);
        Assert.Empty(await LauncherUnderTest.CgroupsAsync());
        Assert.Equal(1, (await (await launcher.StartAsync()).ReturnAsync("return 1")).GetInt32());
    }

    [Fact]
    [TestLimit(240)]
    public async Task Killed_at_any_moment_of_any_start_she_leaves_nothing_and_no_start_hangs()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(LaunchMode.Fork);
        var random = new Random(1);
        var outcomes = new List<bool>();
        for (var round = 0; round < 25; round++)
        {
            var starts = Enumerable.Range(0, 8).Select(_ => TryStartAsync(launcher)).ToList();
            await Task.Delay(random.Next(0, 60));
            KillAll(launcher, SandboxSignal.Kill);
            outcomes.AddRange(await Task.WhenAll(starts).WaitAsync(TimeSpan.FromMinutes(1)));
        }

        Assert.Empty(launcher.Processes);
        Assert.Empty(await LauncherUnderTest.CgroupsAsync());
        Assert.Contains(false, outcomes);
        Assert.Equal(1, (await (await launcher.StartAsync()).ReturnAsync("return 1")).GetInt32());
    }

    [Fact]
    [TestLimit(240)]
    public async Task A_child_that_stands_still_at_any_moment_of_its_making_hangs_no_start_and_leaves_nothing()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(
            LaunchMode.Fork, options => options with { StartTimeout = Patience.Of(TimeSpan.FromSeconds(2)) });
        for (var round = 0; round < 12; round++)
        {
            await (await launcher.StartAsync()).Process.DisposeAsync(); // there is a warm mother
            var start = TryStartAsync(launcher);
            await Task.Delay(TimeSpan.FromMilliseconds(round * 0.5));
            foreach (var child in launcher.OfMothers.Concat(launcher.Processes).Where(process => process.Status["NSpid"].Length > 2))
            {
                Posix.Signal(child.Pid, (int)SandboxSignal.Stop);
            }

            await start.WaitAsync(Patience.Of(TimeSpan.FromMinutes(1)));
        }

        await Eventually.HoldsAsync(
            () => launcher.Processes.Count == 0, TimeSpan.FromSeconds(20), () => string.Join(", ", launcher.Processes));
        Assert.Empty(await LauncherUnderTest.CgroupsAsync());
    }

    [Fact]
    public async Task One_that_stands_still_hands_her_orders_to_another()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(
            LaunchMode.Fork, options => options with { StartTimeout = Patience.Of(TimeSpan.FromSeconds(8)) });
        await launcher.StartAsync();
        KillAll(launcher, SandboxSignal.Stop);

        var sandboxes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => launcher.StartAsync()));

        Assert.All(await Task.WhenAll(sandboxes.Select(sandbox => sandbox.ReturnAsync("return 1"))), data => Assert.Equal(1, data.GetInt32()));
    }

    [Fact]
    public async Task Without_a_descriptor_left_in_the_middle_of_a_start_another_mother_takes_over()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(LaunchMode.Fork);
        var first = await launcher.StartAsync();
        var mother = launcher.OfMothers.Single(process => process.IsZygote);
        RunAs(launcher.Options.FirstUid, "prlimit", "--pid", $"{mother.Pid}", "--nofile=3:3"); // her children cannot connect

        var second = await launcher.StartAsync();

        Assert.Equal(1, (await second.ReturnAsync("return 1")).GetInt32());
        Assert.Equal(2, (await first.ReturnAsync("return 2")).GetInt32()); // the first one lives on
        Assert.Contains(launcher.OfMothers, process => process.IsZygote && process.Pid != mother.Pid);
    }

    [Fact]
    public async Task A_token_that_is_guessed_or_used_again_opens_nothing_and_harms_no_sandbox()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(LaunchMode.Fork);
        var sandbox = await launcher.StartAsync();
        var socket = Directory.GetDirectories(Path.GetTempPath(), $"faas-run-{ServerIdentity.Own}-*")
            .SelectMany(folder => Directory.GetDirectories(folder, "mother.*")).Select(place => Path.Combine(place, "server")).Single();
        const string script = """
            import socket, sys
            def said(line):
                with socket.socket(socket.AF_UNIX) as caller:
                    try:
                        caller.connect(sys.argv[1])
                        caller.sendall(line)
                        caller.shutdown(socket.SHUT_WR)
                        return caller.recv(1) or 'hung up'
                    except OSError as error:
                        return type(error).__name__
            lines = [f'{stream} {token}\n'.encode() for stream in ('out', 'err') for token in range(50)]
            print({said(line) for line in [*lines, b'', b'out', b'out \n', b'x 1\n', b'out 1 2\n', b'o' * 100]})
            """;
        string AsUser(long uid) => RunAs(uid, launcher.Options.Python, "-c", script, socket);

        Assert.Matches("^{('hung up'|'ConnectionResetError'|'BrokenPipeError'|, )+}\n$", AsUser(launcher.Options.FirstUid)); // the mothers' user
        Assert.Equal("{'PermissionError'}\n", AsUser(launcher.FirstUid)); // a sandbox's

        Assert.Equal(1, (await sandbox.ReturnAsync("return 1")).GetInt32());
        await launcher.StartAsync();
        Assert.Single(launcher.OfMothers, process => process.IsZygote);
    }

    [Fact]
    [TestLimit(240)]
    public async Task Without_memory_left_in_the_middle_of_a_start_no_start_hangs_and_there_are_sandboxes_again()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(
            LaunchMode.Fork, options => options with { StartTimeout = Patience.Of(TimeSpan.FromSeconds(4)) });
        await launcher.StartAsync();
        var mother = launcher.OfMothers.Single(process => process.IsZygote);
        var unified = launcher.Limits != "cgroup v1";
        var used = long.Parse(File.ReadAllText(launcher.FileOf(mother, "memory", unified ? "memory.current" : "memory.usage_in_bytes")), CultureInfo.InvariantCulture);
        File.WriteAllText(launcher.FileOf(mother, "memory", unified ? "memory.max" : "memory.limit_in_bytes"), $"{used + (256 << 10)}");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TryStartAsync(launcher))).WaitAsync(Patience.Of(TimeSpan.FromMinutes(1)));

        await Eventually.HoldsAsync(
            async () => await TryStartAsync(launcher), TimeSpan.FromSeconds(30), () => "no sandbox starts any more");
    }

    [Fact]
    public async Task A_sandbox_whose_mother_stands_still_can_be_killed_without_waiting_for_her()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(
            LaunchMode.Fork, options => options with { StartTimeout = TimeSpan.FromMinutes(5) });
        var sandbox = await launcher.StartAsync();
        KillAll(launcher, SandboxSignal.Stop);

        sandbox.Process.Kill();

        Assert.Equal(137, (await sandbox.Process.Exited.WaitAsync(TimeSpan.FromMinutes(1))).ExitCode);
        Assert.Empty(launcher.Processes);
        Assert.Empty(await LauncherUnderTest.CgroupsAsync());
    }

    [Fact]
    public async Task Without_a_process_left_she_says_so_and_goes_on_when_there_is_one()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(LaunchMode.Fork);
        await launcher.StartAsync();
        var mother = launcher.OfMothers.Single(process => process.IsZygote);
        var pids = launcher.FileOf(mother, "pids", "pids.max");
        File.WriteAllText(pids, "2"); // bubblewrap and herself
        var failed = await Assert.ThrowsAsync<SandboxStartException>(
            () => launcher.Launcher.StartAsync(new ImageKey(Runtime.Python), CancellationToken.None));
        Assert.Contains("could not fork", failed.Message, StringComparison.Ordinal);

        File.WriteAllText(pids, "100");
        await launcher.StartAsync();

        Assert.Equal(mother.Pid, launcher.OfMothers.Single(process => process.IsZygote).Pid);
    }

    [Fact]
    public async Task A_sandbox_takes_a_fraction_of_the_memory_of_an_interpreter()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(LaunchMode.Fork);

        var node = await launcher.StartAsync(Runtime.Node);

        Assert.InRange(node.Process.MemoryBytes, 64 << 10, 8 << 20); // an interpreter of its own takes 25 MB
    }

    private static string RunAs(long user, params string[] command) =>
        HostProgram.Run("setpriv", ["--reuid", $"{user}", "--regid", $"{user}", "--clear-groups", .. command]);

    private static async Task<bool> TryStartAsync(LauncherUnderTest launcher)
    {
        try
        {
            await using var process = await launcher.Launcher.StartAsync(new ImageKey(Runtime.Python), CancellationToken.None);
            return true;
        }
        catch (SandboxStartException)
        {
            return false;
        }
    }

    private static void KillAll(LauncherUnderTest launcher, SandboxSignal signal)
    {
        foreach (var mother in launcher.OfMothers.Where(process => process.IsZygote))
        {
            Posix.Signal(mother.Pid, (int)signal);
        }
    }

    private enum SandboxSignal
    {
        Kill = 9,
        Stop = 19,
    }
}
