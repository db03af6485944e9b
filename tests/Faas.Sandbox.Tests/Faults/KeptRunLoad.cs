using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Faas.Sandbox.Tests.Network;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>
/// Clients that have scripts run asynchronously while servers fail. Each run asks a web server of the test for its own number, so the test
/// knows what was executed without the records. <c>FAAS_KEPT_TEST_RUNS</c> is the number of runs; the long form has 10000.
/// </summary>
internal sealed class KeptRunLoad(TestHost host)
{
    private const int Clients = 8, Ahead = 40;
    private const string Code = """
        import urllib.request
        return urllib.request.urlopen(f"{event['url']}/{event['n']}").read().decode()
        """;

    private readonly ConcurrentDictionary<string, int> _accepted = [];
    private int _number;

    /// <summary>How many runs are to be accepted.</summary>
    public static int Count { get; } = int.Parse(
        Environment.GetEnvironmentVariable("FAAS_KEPT_TEST_RUNS") ?? "240", CultureInfo.InvariantCulture);

    /// <summary>The settings of each server.</summary>
    /// <param name="concurrency">How many of the runs it executes at once.</param>
    public string Settings(int concurrency) => $$"""
        faas.network { allow = ["{{host.Name}}"], addresses = ["127.0.0.0/8"] }
        faas.runs.kept { concurrency = {{concurrency}}, count = 1000000 }
        """;

    /// <summary>Stores the scripts.</summary>
    public async Task UploadAsync(FaasServer server)
    {
        await server.UploadAsync("job/a", "python", Code, new { allow = new[] { host.Name } });
        await server.UploadAsync("job/b", "python", Code, new { allow = new[] { host.Name } });
    }

    /// <summary>Returns when all runs are accepted.</summary>
    /// <param name="serverOf">The server for a call of this number; it may be gone.</param>
    public Task SendAsync(Func<int, FaasServer> serverOf) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => SendOneByOneAsync(serverOf)));

    /// <summary>Returns when that number of runs was executed.</summary>
    public Task ExecutedAsync(int count) =>
        Eventually.HoldsAsync(() => host.Asked.Count >= count, TimeSpan.FromMinutes(5), () => $"{host.Asked.Count} were executed");

    /// <summary>
    /// Returns when all runs have ended, having checked that each accepted one has ended once, and that none was executed twice.
    /// </summary>
    /// <param name="server">The server that is asked.</param>
    /// <param name="mostBroken">The most runs that may have ended because their server had.</param>
    /// <returns>What has become of the runs, for a person.</returns>
    public async Task<string> EndedAsync(FaasServer server, int mostBroken)
    {
        await Eventually.HoldsAsync(async () => (await server.LookAsync()).IsReady, TimeSpan.FromMinutes(1), () => server.Log);
        await Eventually.HoldsAsync(
            async () => (await ListAsync(server, "&path=job&state=queued,running")).Count == 0, TimeSpan.FromMinutes(5), () => server.Log);
        return Check(await ListAsync(server, "&path=job"), mostBroken);
    }

    // A call without an answer may have been accepted; its number is not used again. Only some are accepted ahead of what is executed, so
    // that runs are accepted all the time.
    private async Task SendOneByOneAsync(Func<int, FaasServer> serverOf)
    {
        while (_accepted.Count < Count)
        {
            if (_accepted.Count > host.Asked.Count + Ahead)
            {
                await Task.Delay(5);
                continue;
            }

            var n = Interlocked.Increment(ref _number);
            try
            {
                await SendAsync(serverOf(n), n);
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or ObjectDisposedException)
            {
                await Task.Delay(20); // the server is away
            }
        }
    }

    private async Task SendAsync(FaasServer server, int n)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, n % 3 == 0 ? "/run/job/a" : "/run/job/b"))
        {
            Content = JsonContent.Create(new { input = new { n, url = host.Url } }),
        };
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await server.Client.SendAsync(request);
        if (answer.StatusCode == HttpStatusCode.Accepted)
        {
            Assert.True(_accepted.TryAdd((await answer.ReadAsync()).GetProperty("id").GetString()!, n));
        }
        else
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            await Task.Delay(20);
        }
    }

    private static async Task<List<JsonElement>> ListAsync(FaasServer server, string filter)
    {
        var (runs, after) = (new List<JsonElement>(), "");
        do
        {
            var route = new Uri($"/api/v1/runs?kept=true&limit=1000{filter}{after}", UriKind.Relative);
            using var page = JsonDocument.Parse(await server.Client.GetStringAsync(route));
            runs.AddRange(page.RootElement.GetProperty("runs").EnumerateArray().Select(run => run.Clone()));
            after = page.RootElement.TryGetProperty("next", out var next) ? $"&after={next.GetString()}" : "";
        }
        while (after.Length > 0);
        return runs;
    }

    private string Check(List<JsonElement> records, int mostBroken)
    {
        var executed = host.Asked.Select(line => int.Parse(line.Split(' ')[1][1..], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(executed.Distinct().Order(), executed.Order());
        var reasons = records.ToDictionary(run => run.GetProperty("id").GetString()!, run => run.GetProperty("reason").GetString()!);
        Assert.All(records, run => Assert.Equal(("ended", 1), (run.GetProperty("state").GetString(), run.GetProperty("attempt").GetInt32())));
        Assert.Empty(_accepted.Keys.Except(reasons.Keys));
        var counts = reasons.Values.CountBy(reason => reason).ToDictionary();
        Assert.Empty(counts.Keys.Except(["ok", "sandbox"]));
        Assert.InRange(counts.GetValueOrDefault("sandbox"), 0, mostBroken);
        var marks = executed.ToHashSet();
        Assert.All(_accepted, run => Assert.True(reasons[run.Key] == "sandbox" || marks.Contains(run.Value)));
        return $"{_accepted.Count} accepted, {records.Count} records, {executed.Count} executed, {string.Join(", ", counts)}";
    }
}
