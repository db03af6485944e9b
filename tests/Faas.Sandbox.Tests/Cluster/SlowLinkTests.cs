using Faas.Sandbox.Tests.Settings;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>Three nodes, each of which the others reach by a slow line, as if they were in different parts of the world.</summary>
[Trait("Machine", "Alone")]
[TestLimit(300)]
public sealed class SlowLinkTests
{
    private const int Scripts = 2;
    private const int Length = 400_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(100);
    private const int BytesPerSecond = 1_000_000;

    [Fact]
    [Proves("cluster.listen")]
    public async Task Everything_holds_and_is_only_slower()
    {
        await using var nodes = await NodesUnderTest.CreateAsync();
        for (var node = 1; node <= 3; node++)
        {
            nodes.Slow(node, s_delay, BytesPerSecond);
        }

        var servers = await Task.WhenAll(Enumerable.Range(1, 3).Select(nodes.StartAsync));
        await nodes.SeeAsync(servers, [1, 2, 3], s_patience);
        var clients = servers.Select(server => server.Client).ToList();
        using var end = new CancellationTokenSource();
        var scripts = Enumerable.Range(0, Scripts)
            .Select(number => new BusyScript($"slow/{number}", clients, clients, end.Token)).ToList();
        try
        {
            await BusyScript.AdvanceAsync(scripts, uploads: 12, s_patience);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(scripts.Select(script => script.CompletedAsync()));
        }

        Assert.Empty(scripts.SelectMany(script => script.Failures));
        Assert.All(scripts, script => Assert.Empty(script.Violations));
        Assert.All(scripts, script => Assert.Empty(script.NumbersTwice));
        Assert.All(scripts, script => Assert.True(script.Reads > 20, $"only {script.Reads} reads"));

        // Longer than what is under way on a line at once. Which of the nodes executes it does not matter.
        await servers[0].UploadAsync("long", "python", $"return 'x' * {Length}");
        var replies = await Task.WhenAll(servers.Select(server => server.RunAsync("long")));
        Assert.All(replies, reply => Assert.Equal(Length + 2, reply.Data.Length));
        await nodes.SeeAsync(servers, [1, 2, 3], s_patience);
    }
}
