using System.CommandLine;
using Faas.Cli.Commands;
using Faas.Cli.Commands.Keys;
using Faas.Cli.Commands.Pool;
using Faas.Client;

namespace Faas.Cli.Tests.Pure;

public sealed class CommandTreeTests
{
    private static readonly DateTimeOffset s_now = new(2026, 2, 8, 7, 33, 20, TimeSpan.Zero);

    public static TheoryData<string> Names => [.. CommandTree.All.Select(CommandTree.NameOf)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_command_has_an_example_and_says_what_it_does(string name)
    {
        var command = CommandTree.All.Single(one => CommandTree.NameOf(one) == name);
        Assert.NotEmpty(command.Description ?? "");
        Assert.All(CommandBuilding.ExamplesOf(command), example => Assert.Contains($"faas {name}".Trim(), example));
        Assert.NotEmpty(CommandBuilding.ExamplesOf(command));
        Assert.All(command.Arguments.Cast<Symbol>().Concat(command.Options), part => Assert.NotEmpty(part.Description ?? ""));
    }

    [Fact]
    public void The_page_names_every_command()
    {
        var page = File.ReadAllText(Repository.File("docs/cli.md"));
        Assert.All(CommandTree.All, command => Assert.Contains($"faas {CommandTree.NameOf(command)}".Trim(), page));
    }

    [Theory]
    [InlineData("90d", "2026-05-09T07:33:20Z")]
    [InlineData("12h", "2026-02-08T19:33:20Z")]
    [InlineData("2030-01-31T12:00:00+01:00", "2030-01-31T11:00:00Z")]
    [InlineData("2030-01-31", null)]
    [InlineData("12", null)]
    [InlineData("", null)]
    public void A_key_ends_at_a_time_or_after_a_while(string text, string? end) =>
        Assert.Equal(end is null ? null : DateTimeOffset.Parse(end), Expiry.Of(text, s_now));

    [Fact]
    public void The_pool_changes_by_events()
    {
        var run = new PoolRun("r~1", "math/add", "execute", s_now.AddSeconds(-3)) { Version = 7 };
        var sandbox = new PoolSandbox("node-1", "node", "spare", s_now.AddMinutes(-2), 2 << 20, 0, 0);
        var pool = PoolSnapshot.Empty
            .After(new PoolEvent("sandbox") { Sandbox = sandbox })
            .After(new PoolEvent("run") { Run = run })
            .After(new PoolEvent("run") { Run = run with { Sandbox = "node-1" } })
            .After(new PoolEvent("sandbox") { Sandbox = sandbox with { State = "busy", Path = "math/add", Version = 7, Runs = 1 } })
            .After(new PoolEvent("counts") { Counts = new PoolCounts(0, 0, 0, 1, 0, 2 << 20, 1 << 30) })
            .After(new PoolEvent("of a later server"));

        Assert.Equal(
            [
                "1 busy, 0 idle, 0 spare, 0 starting; 0 waiting; 2 MiB of 1 GiB",
                "",
                "SANDBOX  IMAGE  STATE  SINCE  MEMORY  USES  RUNS  SCRIPT",
                "node-1   node   busy   2 min  2 MiB      0     1  math/add@7",
                "",
                "RUN  SCRIPT      STATE           SINCE",
                "r~1  math/add@7  runs in node-1  3 s",
            ],
            PoolTable.Of(pool, s_now));
        Assert.Equal(
            new BusyScripts("math/add", 1, 0, TimeSpan.FromSeconds(3), 1, 2 << 20, null),
            Assert.Single(BusyScripts.Of(pool, null, s_now)));
        var gone = pool.After(new PoolEvent("run_gone") { Name = "r~1" }).After(new PoolEvent("sandbox_gone") { Name = "node-1" });
        Assert.Equal((0, 0), (gone.Runs.Count, gone.Sandboxes.Count));
    }

    [Fact]
    public void The_busiest_script_comes_first()
    {
        PoolRun Of(string path, string? sandbox) => new(path + sandbox, path, "execute", s_now) { Sandbox = sandbox };
        var pool = PoolSnapshot.Empty with
        {
            Runs = [Of("a", "1"), Of("b", "2"), Of("b", null)],
            Sandboxes = [new PoolSandbox("1", "node", "idle", s_now, 5, 1, 0) { Path = "c" }],
        };
        Assert.Equal(["b", "a", "c"], BusyScripts.Of(pool, null, s_now).Select(script => script.Path));
        var activity = new RecentActivity(
            s_now.AddSeconds(-90), 2, [new ScriptActivity("d", 45, 3, 0.002, 0.0156), new ScriptActivity("a", 9, 0, 0, 0)]);
        Assert.Equal(
            [
                "SCRIPT RUNNING WAITING LONGEST CALLS/S P50 P95 FAILED SANDBOXES MEMORY",
                "b 1 1 0 0 B",
                "a 1 0 0.1 0 0 0 B",
                "d 0 0 0.5 2 ms 16 ms 3 0 0 B",
                "c 0 0 1 5 B",
            ],
            BusyScripts.Lines(pool, activity, s_now).Skip(2)
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }
}
