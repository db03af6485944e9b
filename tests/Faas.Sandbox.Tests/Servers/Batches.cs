using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>Batches, as a client makes them.</summary>
internal static class Batches
{
    /// <summary>POST /batch/{path}.</summary>
    public static Task<HttpResponseMessage> SendAsync(FaasServer server, string path, params IEnumerable<object> inputs) =>
        server.Client.PostAsJsonAsync(new Uri($"/batch/{path}", UriKind.Relative), new { inputs });

    /// <summary>The id of a batch that was accepted.</summary>
    public static async Task<string> AcceptAsync(FaasServer server, string path, params IEnumerable<object> inputs)
    {
        using var answer = await SendAsync(server, path, inputs);
        var body = await answer.ReadAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, body.GetRawText());
        return body.GetProperty("id").GetString()!;
    }

    /// <summary>The record of a batch.</summary>
    public static async Task<JsonElement> FindAsync(FaasServer server, string id)
    {
        using var answer = await server.Client.GetAsync(new Uri($"/api/v1/batches/{id}", UriKind.Relative));
        return await answer.ReadAsync();
    }

    /// <summary>The record of a batch, once all its runs have ended.</summary>
    public static async Task<JsonElement> EndedAsync(FaasServer server, string id)
    {
        JsonElement record = default;
        await Eventually.HoldsAsync(
            async () => (record = await FindAsync(server, id)).GetProperty("state").GetString() == "ended",
            TimeSpan.FromMinutes(3),
            () => $"{record}\n{server.Log}");
        return record;
    }

    /// <summary>What came of its inputs, in their order.</summary>
    public static async Task<List<JsonElement>> ResultsAsync(FaasServer server, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/v1/batches/{id}/results", UriKind.Relative));
        request.Headers.Add("Accept", "application/x-ndjson");
        using var answer = await server.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return [.. (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
