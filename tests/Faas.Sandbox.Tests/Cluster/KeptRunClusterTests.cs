using System.Net;
using Faas.Sandbox.Tests.Faults;
using Faas.Sandbox.Tests.Network;
using Xunit.Abstractions;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>
/// Asynchronous runs on three nodes, one of which is killed; a run that another node than its own cancels; and a schedule.
/// </summary>
[Trait("Machine", "Alone")]
[TestLimit(600)]
public sealed class KeptRunClusterTests(ITestOutputHelper output)
{
    private const int Concurrency = 1; // the nodes of a test have one permit
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Each_run_that_a_node_accepts_ends_exactly_once_though_one_is_killed()
    {
        await using var host = TestHost.Plain(IPAddress.Parse("127.0.0.2"));
        var load = new KeptRunLoad(host);
        await using var nodes = await NodesUnderTest.CreateAsync(load.Settings(Concurrency));
        var servers = await Task.WhenAll(Enumerable.Range(1, 3).Select(nodes.StartAsync));
        await nodes.SeeAsync(servers, [1, 2, 3], s_patience);
        await load.UploadAsync(servers[0]);
        await CancelledElsewhereAsync(nodes, servers);

        var living = 3;
        var sending = load.SendAsync(n => servers[n % living]);
        await load.ExecutedAsync(KeptRunLoad.Count / 3);
        await servers[2].KillAsync();
        living = 2;
        await sending;
        output.WriteLine(await load.EndedAsync(servers[0], mostBroken: Concurrency));
    }

    [Fact]
    public async Task A_schedule_fires_each_instant_once_though_a_node_is_killed_and_every_node_shows_it()
    {
        // The nodes that live may wait for a while until they know that the third is gone.
        await using var nodes = await NodesUnderTest.CreateAsync("faas.schedules.grace = 2m");
        var servers = await Task.WhenAll(Enumerable.Range(1, 3).Select(nodes.StartAsync));
        await nodes.SeeAsync(servers, [1, 2, 3], s_patience);
        await servers[0].UploadAsync("quick", "python", "return event");
        await Schedules.EverySecondAsync(servers[0], "ticking", "quick");
        await Schedules.HasRunsAsync(servers[1], "ticking", 3);

        await servers[2].KillAsync();
        await nodes.SeeAsync(servers[..2], [1, 2], s_patience);
        await Schedules.HasRunsAsync(servers[0], "ticking", await Schedules.CountAsync(servers[1], "ticking") + 5);
        await Schedules.EverySecondAsync(servers[1], "ticking", "quick", enabled: false);

        foreach (var server in servers[..2])
        {
            var instants = await Schedules.InstantsAsync(server, "ticking");
            Assert.Equal(Enumerable.Range(0, instants.Count).Select(second => instants[0].AddSeconds(second)), instants);
            Assert.Equal((instants.Count, 0), (
                await Schedules.CountAsync(server, "ticking"), await Schedules.CountAsync(server, "ticking", "missed")));
        }

        output.WriteLine($"{await Schedules.CountAsync(servers[0], "ticking")} instants, each with one run");
    }

    private static async Task CancelledElsewhereAsync(NodesUnderTest nodes, FaasServer[] servers)
    {
        await servers[0].UploadAsync("sleeping", "python", "import time\ntime.sleep(600)");
        var id = await KeptRuns.AcceptAsync(servers[1], "sleeping", new { });
        var node = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                var record = await KeptRuns.FindAsync(servers[2], id);
                node = record.TryGetProperty("node", out var taken) ? taken.GetString()! : "";
                return node.Length > 0;
            },
            s_patience,
            () => nodes.Logs);
        var own = Enumerable.Range(0, 3).Single(at => nodes.AddressOf(at + 1) == node);
        await servers[own].RunsAsync();
        var ended = await KeptRuns.CancelAsync(servers[(own + 1) % 3], id);
        Assert.Equal("cancelled", ended.GetProperty("reason").GetString());
        Assert.DoesNotContain(servers[own].Processes(), process => process.IsOfInvocation);
    }
}
