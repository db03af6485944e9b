using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>What a node acknowledges is true on every node: versions, aliases, keys, secrets.</summary>
[Trait("Machine", "Alone")]
[TestLimit(300)]
public sealed class ClusterStateTests
{
    private const string Root = "root-0123456789abcdef";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_one_node_acknowledges_is_true_on_all_of_them_also_while_one_stands_still_or_is_killed()
    {
        var folder = TestFolder.Create("faas-test-");
        await using var nodes = await NodesUnderTest.CreateAsync(
            $"faas.http.api-keys = [\"root:admin:{Root}\"]\nfaas.secrets.key-file = \"{Path.Combine(folder, "secrets.key")}\"");
        var servers = await Task.WhenAll(Enumerable.Range(1, 3).Select(nodes.StartAsync));
        foreach (var server in servers)
        {
            server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Root);
            server.Client.Timeout = s_patience;
        }

        await KeysHoldAsync(servers);
        await RatesHoldAsync(servers);
        await SecretsHoldAsync(servers);
        await AliasesHoldAsync(servers);
        await VersionsHoldAsync(servers);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task KeysHoldAsync(FaasServer[] servers)
    {
        for (var maker = 0; maker < servers.Length; maker++)
        {
            using var made = await servers[maker].PostAsync("/api/v1/keys", new { name = $"key-{maker}", scopes = new[] { "execute" } });
            var secret = (await made.ReadAsync()).GetProperty("secret").GetString()!;
            Assert.All(await StatusesAsync(servers, secret), status => Assert.Equal(HttpStatusCode.OK, status));

            using var ended = await servers[(maker + 1) % servers.Length].Client.DeleteAsync(
                new Uri($"/api/v1/keys/key-{maker}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
            Assert.All(await StatusesAsync(servers, secret), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        }
    }

    // Six calls of a key that may make four: two a node, all at once.
    private static async Task RatesHoldAsync(FaasServer[] servers)
    {
        using var made = await servers[0].PostAsync(
            "/api/v1/keys", new { name = "slow", scopes = new[] { "execute" }, rate = new { requestsPerSecond = 0.01, burst = 4 } });
        var secret = (await made.ReadAsync()).GetProperty("secret").GetString()!;
        var statuses = await Task.WhenAll(StatusesAsync(servers, secret), StatusesAsync(servers, secret));
        Assert.Equal(4, statuses.SelectMany(of => of).Count(status => status == HttpStatusCode.OK));
        Assert.Equal(2, statuses.SelectMany(of => of).Count(status => status == HttpStatusCode.TooManyRequests));
    }

    private static Task<HttpStatusCode[]> StatusesAsync(FaasServer[] servers, string key) => Task.WhenAll(servers.Select(async server =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/run-now")
        {
            Content = JsonContent.Create(new { language = "python", code = "return 1" }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await server.Client.SendAsync(request);
        return response.StatusCode;
    }));

    private static async Task SecretsHoldAsync(FaasServer[] servers)
    {
        for (var write = 0; write < 6; write++)
        {
            var server = servers[write % servers.Length];
            var value = new string('x', 20 + write); // a value itself is masked in what a script returns
            using var written = await server.Client.PutAsync(
                new Uri("/api/v1/secrets/TOKEN", UriKind.Relative), JsonContent.Create(new { value }));
            Assert.True(written.IsSuccessStatusCode, await written.Content.ReadAsStringAsync());
            if (write == 0)
            {
                var upload = new { path = "secretive", language = "python", code = "return len(secrets.TOKEN)", secrets = new[] { "TOKEN" } };
                Assert.Equal(HttpStatusCode.OK, (await servers[1].ReplyAsync("/upload", upload)).Status);
            }

            var replies = await Task.WhenAll(servers.Select(server => server.RunAsync("secretive")));
            Assert.All(replies, reply => Assert.Equal($"{20 + write}", reply.Data));
        }
    }

    private static async Task AliasesHoldAsync(FaasServer[] servers)
    {
        long[] versions =
        [
            await servers[0].UploadAsync("aliased", "python", "return 0"),
            await servers[1].UploadAsync("aliased", "python", "return 1"),
        ];
        for (var move = 0; move < 12; move++)
        {
            using var moved = await servers[move % servers.Length].Client.PutAsync(
                new Uri("/api/v1/scripts/aliased/aliases/live", UriKind.Relative),
                JsonContent.Create(new { version = versions[move % 2] }));
            Assert.True(moved.IsSuccessStatusCode, await moved.Content.ReadAsStringAsync());
            var replies = await Task.WhenAll(servers.Select(server => server.ReplyAsync("/run/aliased?version=live", new { })));
            Assert.All(replies, reply => Assert.Equal($"{move % 2}", reply.Data));
        }
    }

    // The history of each script is checked: one caller uploads through any node, and callers of each node run it all the time.
    private static async Task VersionsHoldAsync(FaasServer[] servers)
    {
        using var end = new CancellationTokenSource();
        var scripts = Enumerable.Range(0, 4).Select(number => new BusyScript(
            $"busy/{number}", [.. servers.Select(server => server.Client)], servers.Select(server => server.Client), end.Token)).ToList();
        var all = Task.WhenAll(scripts.Select(script => script.CompletedAsync()));
        try
        {
            await BusyScript.AdvanceAsync(scripts, uploads: 5, s_patience);

            // It stands still for longer than a loan lasts, and not for so long that the others give it up.
            Signals.Send(servers[1].Pid, Signals.Stop);
            await Task.Delay(TimeSpan.FromSeconds(3));
            Signals.Send(servers[1].Pid, Signals.Continue);
            await BusyScript.AdvanceAsync(scripts, uploads: 5, s_patience);

            await servers[2].KillAsync();
            await BusyScript.AdvanceAsync(scripts, uploads: 5, s_patience);
        }
        finally
        {
            await end.CancelAsync();
            await all;
        }

        Assert.All(scripts, script => Assert.Empty(script.Violations));
        Assert.All(scripts, script => Assert.True(script.Reads > 20, $"only {script.Reads} reads"));
    }
}
