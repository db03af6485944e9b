using System.Net;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>What sandboxes are started with vanishes under a running server, and comes back.</summary>
[TestLimit(300)]
public sealed class MissingProgramTests
{
    private const string Settings = "faas.pool { running = 4, sandboxes = 4, idle-ttl = 10m, spares { node = 1, python = 1, max = 0 } }";

    [Theory]
    [InlineData("node")]
    [InlineData("bubblewrap")]
    [InlineData("the launch folder")]
    public async Task Calls_that_need_a_new_sandbox_fail_as_sandbox_readyz_says_why_the_others_go_on_and_all_is_well_when_it_is_back(
        string victim)
    {
        using var runtimes = OwnRuntimes.Make();
        await using var server = await FaasServer.StartAsync($"{runtimes.Settings}\n{Settings}");
        await server.UploadAsync("bound", "javascript", "return 'served'");
        Assert.Equal("\"served\"", (await server.RunAsync("bound")).Data);
        await server.IsAtRestAsync(atLeast: 3);
        var path = victim switch
        {
            "node" => runtimes.Node,
            "bubblewrap" => runtimes.Bubblewrap,
            _ => Assert.Single(Directory.GetDirectories(Path.GetTempPath(), $"faas-run-{server.Pid}-*")),
        };
        var away = $"{path}.away";

        Directory.Move(path, away);
        try
        {
            var refused = await UntilRefusedAsync(server);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "sandbox"), (refused.Status, refused.Reason));
            Assert.Contains(Path.GetFileName(path), refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
            await Eventually.HoldsAsync(
                async () => (await SaidAsync(server)).StartsWith("The last ", StringComparison.Ordinal),
                TimeSpan.FromSeconds(10),
                () => "/readyz does not tell");
            var said = await SaidAsync(server);
            Assert.Contains("starts failed; node: ", said, StringComparison.Ordinal);
            Assert.Contains(Path.GetFileName(path), said, StringComparison.Ordinal);
            Assert.False((await server.LookAsync()).IsReady);
            Assert.Equal("\"served\"", (await server.RunAsync("bound")).Data);
        }
        finally
        {
            Directory.Move(away, path);
        }

        // A second, on a machine that does nothing else.
        await Eventually.HoldsAsync(
            async () => (await server.LookAsync()).IsReady, TimeSpan.FromSeconds(5), () => $"it does not come back\n{server.Log}");
        await server.IsAtRestAsync(atLeast: 3);
        Assert.Equal("1", (await server.RunNowAsync("javascript", "return 1")).Data);
        Assert.Equal("1", (await server.RunNowAsync("python", "return 1")).Data);
        await server.IsAtRestAsync(atLeast: 3);
        await server.EndAsync();
    }

    // The spare serves one call yet.
    private static async Task<Reply> UntilRefusedAsync(FaasServer server)
    {
        for (var call = 0; call < 3; call++)
        {
            var reply = await server.RunNowAsync("javascript", "return 1");
            if (reply.Status != HttpStatusCode.OK)
            {
                return reply;
            }
        }

        throw new InvalidOperationException("Sandboxes start without it.");
    }

    private static async Task<string> SaidAsync(FaasServer server)
    {
        using var response = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative));
        return (await response.ReadAsync()).GetProperty("checks").GetProperty("sandboxes").GetString()!;
    }
}
