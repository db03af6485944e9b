using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>Asynchronous calls, as a client makes them.</summary>
internal static class KeptRuns
{
    /// <summary>POST /run/{path} with <c>Prefer: respond-async</c>.</summary>
    public static Task<HttpResponseMessage> SendAsync(FaasServer server, string path, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/run/{path}", UriKind.Relative)) { Content = JsonContent.Create(body) };
        request.Headers.Add("Prefer", "respond-async");
        return server.Client.SendAsync(request);
    }

    /// <summary>The id of a run that was accepted.</summary>
    public static async Task<string> AcceptAsync(FaasServer server, string path, object input)
    {
        using var answer = await SendAsync(server, path, new { input });
        var body = await answer.ReadAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, body.GetRawText());
        return body.GetProperty("id").GetString()!;
    }

    /// <summary>The record of a run, once it has ended.</summary>
    public static async Task<JsonElement> EndedAsync(FaasServer server, string id)
    {
        JsonElement record = default;
        await Eventually.HoldsAsync(
            async () => (record = await FindAsync(server, id)).GetProperty("state").GetString() == "ended",
            TimeSpan.FromMinutes(1),
            () => $"{record}\n{server.Log}");
        return record;
    }

    /// <summary>The record of a run.</summary>
    public static async Task<JsonElement> FindAsync(FaasServer server, string id)
    {
        using var answer = await server.Client.GetAsync(new Uri($"/api/v1/runs/{id}", UriKind.Relative));
        return await answer.ReadAsync();
    }

    /// <summary>The ids of the kept runs, the newest first.</summary>
    public static async Task<List<string?>> IdsAsync(FaasServer server)
    {
        using var answer = await server.Client.GetAsync(new Uri("/api/v1/runs?kept=true&limit=1000", UriKind.Relative));
        return [.. (await answer.ReadAsync()).GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("id").GetString())];
    }

    /// <summary>The record of a run that was cancelled.</summary>
    public static async Task<JsonElement> CancelAsync(FaasServer server, string id)
    {
        using var answer = await server.Client.DeleteAsync(new Uri($"/api/v1/runs/{id}", UriKind.Relative));
        var body = await answer.ReadAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body.GetRawText());
        return body;
    }
}
