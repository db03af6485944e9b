using System.Net;
using System.Text.Json;
using Faas.Sandbox.Tests.Settings;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>Four real servers as one cluster, and what becomes of them.</summary>
[Trait("Machine", "Alone")]
[TestLimit(300)]
public sealed class ClusterTests
{
    // What docs/cluster.md promises.
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(10);

    [Fact]
    [Proves("cluster.enabled")]
    [Proves("cluster.host")]
    [Proves("cluster.port")]
    [Proves("cluster.seeds")]
    [Proves("cluster.tls.certificate")]
    [Proves("cluster.tls.key")]
    [Proves("cluster.tls.authority")]
    public async Task Nodes_come_and_go_and_the_majority_goes_on_without_those_that_fail()
    {
        await using var nodes = await NodesUnderTest.CreateAsync();
        var stranger = nodes.StartStrangerAsync(9);

        // All of them see each other; none of them has seen the stranger.
        var servers = await Task.WhenAll(Enumerable.Range(1, 4).Select(nodes.StartAsync));
        var (one, two, three, four) = (servers[0], servers[1], servers[2], servers[3]);
        await nodes.SeeAsync(servers, [1, 2, 3, 4], s_recovery);
        Assert.All(await Task.WhenAll(servers.Select(ReadinessAsync)), ready => Assert.Equal((HttpStatusCode.OK, "ok"), ready));
        var (status, said) = await stranger;
        Assert.Equal(75, status);
        Assert.Contains($"faas: This node {nodes.AddressOf(9)} was not let into a cluster by a node whose TLS handshake failed; it has asked ", said, StringComparison.Ordinal);
        Assert.All(servers, server => Assert.DoesNotContain($"{nodes.AddressOf(9)} is a member", server.Log, StringComparison.Ordinal));

        // A node that is killed is gone within the documented time.
        await four.KillAsync();
        await nodes.SeeAsync([one, two, three], [1, 2, 3], s_recovery);
        Assert.Equal("3", (await two.RunNowAsync("python", "return 3")).Data);

        // The minority refuses, says why, and ends.
        Signals.Send(two.Pid, Signals.Stop);
        Signals.Send(three.Pid, Signals.Stop);
        await Eventually.HoldsAsync(
            async () => await ReadinessAsync(one) is (HttpStatusCode.ServiceUnavailable, "This node reaches 1 of the 3 members of its cluster."),
            s_recovery,
            () => one.Log);
        Assert.Equal("cluster", (await one.ReplyAsync("/run-now", new { language = "python", code = "return 1" })).Reason);
        Assert.Equal(76, await one.EndedAsync());
        Assert.Contains(
            $"faas: This node {nodes.AddressOf(1)} reaches 1 of the 3 members of its cluster, so the others go on without it; it ends.",
            one.Log,
            StringComparison.Ordinal);

        // The majority goes on.
        Signals.Send(two.Pid, Signals.Continue);
        Signals.Send(three.Pid, Signals.Continue);
        await nodes.SeeAsync([two, three], [2, 3], s_recovery);
        Assert.Equal("3", (await two.RunNowAsync("python", "return 3")).Data);

        // A node that is stopped says so before it goes.
        var before = two.Log.Length;
        await three.EndAsync();
        await nodes.SeeAsync([two], [2], s_recovery);
        Assert.DoesNotContain("does not answer", two.Log[before..], StringComparison.Ordinal);
        await two.EndAsync();
    }

    private static async Task<(HttpStatusCode Status, string? Cluster)> ReadinessAsync(FaasServer server)
    {
        using var response = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative));
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, body.RootElement.GetProperty("checks").GetProperty("cluster").GetString());
    }
}
