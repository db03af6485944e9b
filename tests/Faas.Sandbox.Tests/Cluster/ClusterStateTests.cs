using System.Diagnostics;
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
        var scripts = Enumerable.Range(0, 4).Select(number => new BusyScript($"busy/{number}", servers, end.Token)).ToList();
        var all = Task.WhenAll(scripts.Select(script => script.CompletedAsync()));
        try
        {
            await AdvanceAsync(scripts, uploads: 5);

            // It stands still for longer than a loan lasts, and not for so long that the others give it up.
            Signals.Send(servers[1].Pid, Signals.Stop);
            await Task.Delay(TimeSpan.FromSeconds(3));
            Signals.Send(servers[1].Pid, Signals.Continue);
            await AdvanceAsync(scripts, uploads: 5);

            await servers[2].KillAsync();
            await AdvanceAsync(scripts, uploads: 5);
        }
        finally
        {
            await end.CancelAsync();
            await all;
        }

        Assert.All(scripts, script => Assert.Empty(script.History.Violations()));
        Assert.All(scripts, script => Assert.True(script.History.Reads > 50, $"only {script.History.Reads} reads"));
    }

    private static async Task AdvanceAsync(IReadOnlyList<BusyScript> scripts, int uploads)
    {
        var before = scripts.Select(script => script.Acknowledged).ToList();
        await Eventually.HoldsAsync(
            () => scripts.Zip(before).All(pair => pair.First.Acknowledged >= pair.Second + uploads),
            s_patience,
            () => $"uploads: {string.Join(", ", scripts.Zip(before).Select(pair => $"{pair.First.Acknowledged - pair.Second}"))}");
    }

    /// <summary>A script that is uploaded and run through all nodes at once, until a test says so.</summary>
    private sealed class BusyScript
    {
        private readonly string _path;
        private readonly FaasServer[] _servers;
        private readonly CancellationToken _end;
        private readonly Task _work;
        private int _acknowledged;

        public BusyScript(string path, FaasServer[] servers, CancellationToken end)
        {
            (_path, _servers, _end) = (path, servers, end);
            _work = Task.WhenAll(
                servers.Select(server => Task.Run(() => ReadAsync(server), CancellationToken.None))
                    .Append(Task.Run(UploadAsync, CancellationToken.None)));
        }

        public History History { get; } = new();

        public int Acknowledged => Volatile.Read(ref _acknowledged);

        public Task CompletedAsync() => _work;

        private async Task UploadAsync()
        {
            for (var number = 1; !_end.IsCancellationRequested; number++)
            {
                History.Begin(number, Stopwatch.GetTimestamp());
                var upload = new { path = _path, language = "python", code = $"return {number}" };
                if (await TryAsync(_servers[number % _servers.Length], "/upload", upload) is not null)
                {
                    History.Acknowledge(number, Stopwatch.GetTimestamp());
                    Interlocked.Increment(ref _acknowledged);
                }
            }
        }

        private async Task ReadAsync(FaasServer server)
        {
            while (!_end.IsCancellationRequested)
            {
                var begun = Stopwatch.GetTimestamp();
                if (await TryAsync(server, $"/run/{_path}", new { }) is { Data: { } data })
                {
                    History.Read(long.Parse(data, System.Globalization.CultureInfo.InvariantCulture), begun, Stopwatch.GetTimestamp());
                }
            }
        }

        // A node that is killed answers nothing; one that has lost the script's home for a moment answers 503.
        private static async Task<Reply?> TryAsync(FaasServer server, string path, object body)
        {
            try
            {
                var reply = await server.ReplyAsync(path, body);
                return reply.Status == HttpStatusCode.OK ? reply : null;
            }
            catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException)
            {
                await Task.Delay(50);
                return null;
            }
        }
    }
}
