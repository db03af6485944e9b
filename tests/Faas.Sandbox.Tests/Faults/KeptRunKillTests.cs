using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Faas.Sandbox.Tests.Network;
using Xunit.Abstractions;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>
/// Asynchronous runs while the server is killed, and then Redis. Each run asks a web server of the test for its own number, so the test
/// sees what was executed, whatever the records say. <c>FAAS_KEPT_TEST_RUNS</c> says how many runs; the long form has 10000.
/// </summary>
[TestLimit(600)]
public sealed class KeptRunKillTests(ITestOutputHelper output)
{
    private const int Clients = 8, Concurrency = 4, Ahead = 40;
    private const string Code = """
        import urllib.request
        return urllib.request.urlopen(f"{event['url']}/{event['n']}").read().decode()
        """;

    private static readonly int s_count = int.Parse(
        Environment.GetEnvironmentVariable("FAAS_KEPT_TEST_RUNS") ?? "240", CultureInfo.InvariantCulture);

    private readonly ConcurrentDictionary<string, int> _accepted = [];
    private int _number;

    [Fact]
    public async Task Each_accepted_run_ends_exactly_once_and_none_is_executed_twice()
    {
        await using var host = TestHost.Plain(IPAddress.Parse("127.0.0.2"));
        await using var redis = await RedisServer.StartAsync();
        var settings = $$"""
            faas.pool { running = {{2 * Concurrency}} }
            faas.network { allow = ["{{host.Name}}"], addresses = ["127.0.0.0/8"] }
            faas.runs.kept { concurrency = {{Concurrency}}, count = 1000000 }
            """;
        var server = await FaasServer.StartAsync(settings, null, redis.Environment);
        try
        {
            await server.UploadAsync("job/a", "python", Code, new { allow = new[] { host.Name } });
            await server.UploadAsync("job/b", "python", Code, new { allow = new[] { host.Name } });
            var clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => SendAsync(() => server, host)));

            await ReachedAsync(host, s_count / 4);
            await server.KillAsync();
            var dead = server;
            server = await FaasServer.StartAsync(settings, dead.Folder, redis.Environment);
            await dead.DisposeAsync();

            await ReachedAsync(host, s_count / 2);
            await redis.KillAsync();
            await redis.RestartAsync();

            await clients;
            var records = await EndedAsync(server);
            Check(records, host);
            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    // A call without an answer may have been accepted; its number is not used again. Only some are accepted ahead of what is executed, so
    // that runs are accepted all the time.
    private async Task SendAsync(Func<FaasServer> server, TestHost host)
    {
        while (_accepted.Count < s_count)
        {
            if (_accepted.Count > host.Asked.Count + Ahead)
            {
                await Task.Delay(5);
                continue;
            }

            var n = Interlocked.Increment(ref _number);
            try
            {
                using var request = new HttpRequestMessage(
                    HttpMethod.Post, new Uri(server().Address, n % 3 == 0 ? "/run/job/a" : "/run/job/b"))
                {
                    Content = System.Net.Http.Json.JsonContent.Create(new { input = new { n, url = host.Url } }),
                };
                request.Headers.Add("Prefer", "respond-async");
                using var answer = await server().Client.SendAsync(request);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                    Assert.True(_accepted.TryAdd(body.RootElement.GetProperty("id").GetString()!, n));
                }
                else
                {
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                    await Task.Delay(20);
                }
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or ObjectDisposedException)
            {
                await Task.Delay(20); // the server is away
            }
        }
    }

    private static Task ReachedAsync(TestHost host, int asked) =>
        Eventually.HoldsAsync(() => host.Asked.Count >= asked, TimeSpan.FromMinutes(3), () => $"{host.Asked.Count} were executed");

    private static async Task<List<JsonElement>> EndedAsync(FaasServer server)
    {
        await Eventually.HoldsAsync(async () => (await server.LookAsync()).IsReady, TimeSpan.FromMinutes(1), () => server.Log);
        await Eventually.HoldsAsync(
            async () => (await ListAsync(server, "&state=queued,running")).Count == 0, TimeSpan.FromMinutes(5), () => server.Log);
        return await ListAsync(server, "");
    }

    private static async Task<List<JsonElement>> ListAsync(FaasServer server, string filter)
    {
        var (runs, after) = (new List<JsonElement>(), "");
        do
        {
            var text = await server.Client.GetStringAsync(new Uri($"/api/v1/runs?kept=true&limit=1000{filter}{after}", UriKind.Relative));
            using var page = JsonDocument.Parse(text);
            runs.AddRange(page.RootElement.GetProperty("runs").EnumerateArray().Select(run => run.Clone()));
            after = page.RootElement.TryGetProperty("next", out var next) ? $"&after={next.GetString()}" : "";
        }
        while (after.Length > 0);
        return runs;
    }

    private void Check(List<JsonElement> records, TestHost host)
    {
        var executed = host.Asked.Select(line => int.Parse(line.Split(' ')[1][1..], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(executed.Distinct().Order(), executed.Order());
        var byId = records.ToDictionary(run => run.GetProperty("id").GetString()!);
        Assert.All(records, run => Assert.Equal(("ended", 1), (run.GetProperty("state").GetString(), run.GetProperty("attempt").GetInt32())));
        Assert.Empty(_accepted.Keys.Except(byId.Keys));
        var reasons = byId.Values.GroupBy(run => run.GetProperty("reason").GetString()!).ToDictionary(same => same.Key, same => same.Count());
        output.WriteLine($"{_accepted.Count} accepted, {records.Count} records, {executed.Count} executed, {string.Join(", ", reasons)}");
        Assert.Empty(reasons.Keys.Except(["ok", "sandbox"]));
        Assert.InRange(reasons.GetValueOrDefault("sandbox"), 0, Concurrency);
        var marks = executed.ToHashSet();
        Assert.All(_accepted, run => Assert.True(byId[run.Key].GetProperty("reason").GetString() == "sandbox" || marks.Contains(run.Value)));
    }
}
