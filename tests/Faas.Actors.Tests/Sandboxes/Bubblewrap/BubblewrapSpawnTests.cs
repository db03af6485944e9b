using System.Diagnostics;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Bubblewrap;

/// <summary>Tests the part of a launch line in front of bubblewrap. Another program runs in the place of bubblewrap.</summary>
public sealed class BubblewrapSpawnTests : OwnFolder
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public async Task The_shell_writes_its_pid_to_every_cgroup_opens_the_filter_and_becomes_the_program()
    {
        var plan = PlanOf(Python) with
        {
            ProcsFiles = [MakeFile("one two/cgroup.procs"), MakeFile("$x/cgroup.procs")],
            Filter = MakeFile("a filter", "the filter"),
        };

        var (pid, status, output) = await RunAsync(plan, "-c", "import os; print(os.getpid(), os.read(9, 99).decode())");

        Assert.Equal((0, $"{pid} the filter\n"), (status, output));
        Assert.All(plan.ProcsFiles, file => Assert.Equal($"{pid}\n", File.ReadAllText(file)));
    }

    [Fact]
    public async Task The_program_and_what_it_starts_have_the_limits_and_the_input_that_follows()
    {
        const string Print = "import resource as r; print(*(r.getrlimit(x) for x in (r.RLIMIT_NOFILE, r.RLIMIT_CORE)), input())";

        var (_, status, output) = await RunAsync(PlanOf(Python), "-c", $"import subprocess; subprocess.run(['{Python}', '-c', '{Print}'])");

        Assert.Equal((0, "(1024, 1024) (1, 1) what follows\n"), (status, output));
    }

    [Fact]
    public async Task A_limit_that_the_server_itself_is_below_is_left_as_it_is()
    {
        const long Most = 1L << 60;
        const string Print = "import resource as r; print(r.getrlimit(r.RLIMIT_NOFILE)[0] > 0)";

        using var process = BubblewrapSpawn.Start(
            LineOf(PlanOf(Python), "-c", Print), [new(Resource.OpenFiles, Most)], new Dictionary<string, string>());

        Assert.Equal("True\n", await process.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public async Task Its_environment_is_the_sandboxes()
    {
        var (_, _, output) = await RunAsync(PlanOf("/usr/bin/env"));

        var printed = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            SandboxEnvironment.Variables.Select(variable => $"{variable.Key}={variable.Value}").Order(),
            printed.Where(line => !line.StartsWith("PWD=", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData("missing/cgroup.procs", "filter")]
    [InlineData("cgroup.procs", "missing/filter")]
    public async Task Without_its_cgroup_or_its_filter_the_program_does_not_start(string procs, string filter)
    {
        MakeFile("cgroup.procs");
        MakeFile("filter");
        var plan = PlanOf("/bin/echo") with { ProcsFiles = [Path.Combine(Folder, procs)], Filter = Path.Combine(Folder, filter) };

        var (_, status, output) = await RunAsync(plan);

        Assert.NotEqual(0, status);
        Assert.Empty(output);
    }

    [Fact]
    public async Task A_server_that_dies_before_it_has_set_the_limits_leaves_a_shell_that_ends()
    {
        var command = BubblewrapCommand.Build(PlanOf("/bin/echo"));
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;

        shell.StandardInput.Close();

        Assert.Empty(await shell.StandardOutput.ReadToEndAsync());
        await shell.WaitForExitAsync();
        Assert.Equal(125, shell.ExitCode);
    }

    private LaunchPlan PlanOf(string program) => new()
    {
        Runtime = Runtime.Python,
        Bubblewrap = program,
        Uid = null,
        ProcsFiles = [],
        Filter = MakeFile("any filter"),
        Etc = "/run/etc",
        Zygote = "/srv/runtimes/python",
        Node = "/srv/node",
        Python = Python,
        UsrLinks = [],
        RootFolders = [],
        MemoryBytes = 128 << 20,
        TmpBytes = 32 << 20,
        Pids = 64,
    };

    // The launch line up to bubblewrap, in whose place the program is, and then the program's arguments.
    private static IReadOnlyList<string> LineOf(LaunchPlan plan, params string[] arguments) =>
        [.. BubblewrapCommand.Build(plan).TakeWhile(part => part != plan.Bubblewrap), plan.Bubblewrap, .. arguments];

    private static async Task<(int Pid, int Status, string Output)> RunAsync(LaunchPlan plan, params string[] arguments)
    {
        using var process = BubblewrapSpawn.Start(
            LineOf(plan, arguments), BubblewrapCommand.Limits(plan), new Dictionary<string, string>());
        try
        {
            await process.StandardInput.WriteLineAsync("what follows");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program has ended without reading its input.
        }

        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await errors;
        await process.WaitForExitAsync();
        return (process.Id, process.ExitCode, output);
    }
}
