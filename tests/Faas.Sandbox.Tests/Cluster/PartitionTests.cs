using System.Net;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>One node of three is cut off from the others, while callers upload and run scripts through all of them. Needs root.</summary>
[Trait("Machine", "Alone")]
[TestLimit(300)]
public sealed class PartitionTests
{
    private const int Scripts = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // What docs/cluster.md promises.
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_majority_goes_on_the_minority_refuses_and_ends_and_no_change_is_lost()
    {
        using var network = new NetworkUnderTest(nodes: 3);
        await using var nodes = await NodesUnderTest.CreateAsync("", network);
        var servers = await Task.WhenAll(Enumerable.Range(1, 3).Select(nodes.StartAsync));

        // The oldest node, which allocates the shards, is cut off from the others and not from Redis. The next one loses Redis, too.
        await CutAsync(network, nodes, servers, cut: 1, [Link.Cluster]);
        await CutAsync(network, nodes, servers, cut: 2, [Link.Cluster, Link.Store]);
    }

    private static async Task CutAsync(NetworkUnderTest network, NodesUnderTest nodes, FaasServer[] servers, int cut, Link[] links)
    {
        using var end = new CancellationTokenSource();
        var clients = servers.Select(server => server.Client).ToList();
        var majority = clients.Where((_, index) => index != cut - 1).ToList();
        var scripts = Enumerable.Range(0, Scripts)
            .Select(number => new BusyScript($"cut/{cut}/{number}", [clients[cut - 1], .. majority], clients, end.Token)).ToList();
        var all = Task.WhenAll(scripts.Select(script => script.CompletedAsync()));
        var alone = servers[cut - 1];
        try
        {
            await BusyScript.AdvanceAsync(scripts, uploads: 5, s_patience);

            Array.ForEach(links, link => network.Cut(link, cut));

            await Eventually.HoldsAsync(() => RefusesAsync(alone), s_recovery, () => alone.Log);
            Assert.Equal(76, await alone.EndedAsync());
            Assert.Contains("reaches 1 of the 3 members of its cluster, so the others go on", alone.Log, StringComparison.Ordinal);
            await BusyScript.AdvanceAsync(scripts, uploads: 5, s_patience);

            Array.ForEach(links, link => network.Heal(link, cut));
            servers[cut - 1] = await nodes.StartAgainAsync(cut);
            await nodes.SeeAsync(servers, [1, 2, 3], s_patience);
            foreach (var (script, number) in scripts.Select((script, number) => (script, number)))
            {
                var last = script.Last;
                var data = (await servers[cut - 1].RunAsync($"cut/{cut}/{number}")).Data;
                Assert.True(long.Parse(data, System.Globalization.CultureInfo.InvariantCulture) >= last, $"{data}, not {last}");
            }
        }
        finally
        {
            await end.CancelAsync();
            await all;
        }

        Assert.All(scripts, script => Assert.Empty(script.Violations));
        Assert.All(scripts, script => Assert.Empty(script.NumbersTwice));
        Assert.All(scripts, script => Assert.True(script.Reads > 50, $"only {script.Reads} reads"));
    }

    private static async Task<bool> RefusesAsync(FaasServer server)
    {
        var reply = await server.RunNowAsync("python", "return 1");
        using var ready = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative));
        return (reply.Status, ready.StatusCode) == (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable)
            && reply.Reason == "cluster";
    }
}
