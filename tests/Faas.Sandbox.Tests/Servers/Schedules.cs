using System.Net.Http.Json;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>Schedules, as a client makes them.</summary>
internal static class Schedules
{
    /// <summary>PUT /api/v1/schedules/{name}.</summary>
    public static Task<HttpResponseMessage> PutAsync(FaasServer server, string name, object body) =>
        server.Client.PutAsync(new Uri($"/api/v1/schedules/{name}", UriKind.Relative), JsonContent.Create(body));

    /// <summary>Makes or replaces a schedule that fires each second; returns its record.</summary>
    public static async Task<JsonElement> EverySecondAsync(
        FaasServer server, string name, string path, string missed = "skip", string overlap = "queue", bool enabled = true)
    {
        using var answer = await PutAsync(server, name, new { path, cron = "* * * * * *", missed, overlap, enabled });
        var body = await answer.ReadAsync();
        Assert.True(answer.IsSuccessStatusCode, body.GetRawText());
        return body;
    }

    /// <summary>The record of a schedule.</summary>
    public static async Task<JsonElement> FindAsync(FaasServer server, string name)
    {
        using var answer = await server.Client.GetAsync(new Uri($"/api/v1/schedules/{name}", UriKind.Relative));
        return await answer.ReadAsync();
    }

    /// <summary>How many of its instants have become this: <c>runs</c>, <c>skipped</c>, <c>missed</c> or <c>failed</c>.</summary>
    public static async Task<long> CountAsync(FaasServer server, string name, string what = "runs") =>
        (await FindAsync(server, name)).GetProperty("counts").GetProperty(what).GetInt64();

    /// <summary>Returns when it has that number of runs.</summary>
    public static Task HasRunsAsync(FaasServer server, string name, long least) => Eventually.HoldsAsync(
        async () => await CountAsync(server, name) >= least, TimeSpan.FromMinutes(1), () => $"{name} has fewer than {least} runs\n{server.Log}");

    /// <summary>The instants of its runs that are kept, in order.</summary>
    public static async Task<List<DateTime>> InstantsAsync(FaasServer server, string name) =>
    [
        .. (await KeptRuns.IdsAsync(server)).OfType<string>()
            .Where(id => id.StartsWith($"{name}-", StringComparison.Ordinal))
            .Select(id => DateTime.ParseExact(id[(name.Length + 1)..id.IndexOf('~', StringComparison.Ordinal)], "yyyyMMdd'T'HHmmss'Z'", null))
            .Order(),
    ];
}
