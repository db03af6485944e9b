using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Faas.Sandbox.Tests.Telemetry;

/// <summary>Debian's Prometheus reads a server's metrics, and the shipped dashboard asks it for nothing that is not there.</summary>
public sealed partial class PrometheusTests
{
    private const string Secret = "0123456789abcdef";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    [Fact]
    [TestLimit(180)]
    public async Task It_reads_the_metrics_with_a_key_and_answers_every_query_of_the_dashboard()
    {
        await using var server = await FaasServer.StartAsync(
            $"faas.http.api-keys = [\"all:admin:{Secret}{Secret}\", \"prometheus:metrics:{Secret}\"]\n"
            + "faas.pool { running = 1, queue = 1 }");
        server.Client.DefaultRequestHeaders.Add("X-Api-Key", Secret + Secret);
        using var prometheus = await Prometheus.StartAsync(server.Address, Secret);
        await UseEverythingAsync(server);

        double? counted = null;
        await Eventually.HoldsAsync(
            async () => (counted = await prometheus.ValueAsync("faas_invocations_total{faas_name=\"good\"}")) == 3,
            s_patience,
            () => $"{counted}\n{prometheus.Log}");
        Assert.Equal(1, await prometheus.ValueAsync("up"));
        var page = await PrometheusPage.OfAsync(server);
        foreach (var query in Queries())
        {
            Assert.Empty(Metrics(query).Except(page.Names));
            Assert.Equal("success", (await prometheus.AskAsync(query)).GetProperty("status").GetString());
        }

        await server.EndAsync();
    }

    private static async Task UseEverythingAsync(FaasServer server)
    {
        await server.UploadAsync("good", "python", "return 1");
        await server.UploadAsync("slow", "python", "import time\ntime.sleep(2)");
        await server.UploadAsync("bad", "javascript", "throw new Error('no')");
        for (var call = 0; call < 3; call++)
        {
            Assert.Equal("1", (await server.RunAsync("good")).Data);
        }

        await server.RunAsync("bad");
        await server.ReplyAsync("/run-now", new { language = "python", code = "import time\ntime.sleep(60)", timeout = 1 });
        await server.EventsAsync("/run-now", new { language = "python", code = "return 1", stream = true });
        var crowd = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.RunAsync("slow")));
        Assert.Contains(crowd, reply => reply.Status == HttpStatusCode.TooManyRequests);
        await KeptRuns.EndedAsync(server, await KeptRuns.AcceptAsync(server, "bad", new { }));
        await server.UploadAsync("tick", "python", "return 1"); // the calls of "good" are counted
        await Schedules.EverySecondAsync(server, "ticking", "tick");
        await Schedules.HasRunsAsync(server, "ticking", 1);
        await Schedules.EverySecondAsync(server, "ticking", "tick", enabled: false);
        await server.IsAtRestAsync();
    }

    private static List<string> Queries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Repository.File("docs/dashboards/faas.json")));
        var queries = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "1m", StringComparison.Ordinal))
            .ToList();
        Assert.InRange(queries.Count, 20, 100);
        return queries;
    }

    private static IEnumerable<string> Metrics(string query) =>
        Metric().Matches(Labels().Replace(query, "")).Select(metric => metric.Value);

    /// <summary>Conditions on labels, and lists of labels.</summary>
    [GeneratedRegex(@"\{[^}]*\}|\bby \([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"\b(faas|http|kestrel|db|dotnet)_\w+")]
    private static partial Regex Metric();
}
