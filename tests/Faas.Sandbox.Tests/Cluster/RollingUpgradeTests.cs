using Faas.Sandbox.Tests.Settings;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>Three nodes are replaced one after another, behind a balancer that asks them whether they are ready.</summary>
[Trait("Machine", "Alone")]
[TestLimit(300)]
public sealed class RollingUpgradeTests
{
    private const int Scripts = 2;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // Much longer than the balancer needs to notice, on a busy machine too.
    private const string Settings = "faas.http.drain-delay = 5s";

    [Fact]
    [Proves("http.drain-delay")]
    public async Task No_call_fails_while_all_nodes_are_replaced()
    {
        await using var nodes = await NodesUnderTest.CreateAsync(Settings);
        var addresses = Enumerable.Range(1, 3).Select(nodes.HttpAddressOf).ToList();
        var servers = await Task.WhenAll(Enumerable.Range(1, 3).Select(nodes.StartAsync));
        await using var balancer = new Balancer(addresses);
        var clients = Enumerable.Range(0, 3 * Scripts).Select(_ => ClientOf(balancer)).ToList();
        using var end = new CancellationTokenSource();
        var scripts = Enumerable.Range(0, Scripts)
            .Select(number => clients.GetRange(3 * number, 3))
            .Select((own, number) => new BusyScript($"busy/{number}", own[..1], own[1..], end.Token))
            .ToList();
        var all = Task.WhenAll(scripts.Select(script => script.CompletedAsync()));
        try
        {
            await BusyScript.AdvanceAsync(scripts, uploads: 3, s_patience);
            for (var node = 1; node <= servers.Length; node++)
            {
                Assert.Equal(0, await servers[node - 1].StopAsync());
                servers[node - 1] = await nodes.StartAsync(node);
                await Eventually.HoldsAsync(() => balancer.IsReady(node - 1), s_patience, () => servers[node - 1].Log);
                await BusyScript.AdvanceAsync(scripts, uploads: 3, s_patience);
            }
        }
        finally
        {
            await end.CancelAsync();
            await all;
            clients.ForEach(client => client.Dispose());
        }

        var failures = scripts.SelectMany(script => script.Failures).Order().ToList();
        Assert.True(failures.Count == 0, $"{string.Join('\n', failures)}\n{nodes.Logs}");
        Assert.All(scripts, script => Assert.Empty(script.NumbersTwice));
        Assert.All(scripts, script => Assert.Empty(script.Violations));
        Assert.All(scripts, script => Assert.True(script.Reads > 50, $"only {script.Reads} reads"));
        await nodes.SeeAsync(servers, [1, 2, 3], s_patience);
        await Task.WhenAll(servers.SelectMany(server => scripts.Select(script => script.IsServedByAsync(server))));
    }

    private static HttpClient ClientOf(Balancer balancer) => new() { BaseAddress = balancer.Address, Timeout = s_patience };
}
