using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>The three calls, as a client makes them.</summary>
public static class Wire
{
    /// <summary>POST /upload, which makes a version in any case; the answer's version.</summary>
    /// <param name="server">The server.</param>
    /// <param name="path">The script.</param>
    /// <param name="language">Its language.</param>
    /// <param name="code">Its code.</param>
    /// <param name="network">The hosts that it asks for, as the value of the setting; null: none.</param>
    /// <param name="isolation">What its runs share; null: as the server says.</param>
    /// <param name="dependencies">The libraries that it declares; null: none.</param>
    public static async Task<long> UploadAsync(
        this FaasServer server,
        string path,
        string language,
        string code,
        object? network = null,
        string? isolation = null,
        IReadOnlyList<string>? dependencies = null)
    {
        using var response = await server.PostAsync(
            "/upload", new { path, language, code, network, isolation, dependencies, force = true });
        var reply = await response.ReadAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, reply.ToString());
        return reply.GetProperty("version").GetInt64();
    }

    /// <summary>POST /run/{path}; the whole answer.</summary>
    public static Task<Reply> RunAsync(this FaasServer server, string path, object? input = null) =>
        server.ReplyAsync($"/run/{path}", input is null ? new { } : new { input });

    /// <summary>POST /run-now; the whole answer.</summary>
    public static Task<Reply> RunNowAsync(this FaasServer server, string language, string code, object? input = null) =>
        server.ReplyAsync("/run-now", input is null ? new { language, code } : new { language, code, input });

    /// <summary>POST of a JSON body; status and parsed answer.</summary>
    public static async Task<Reply> ReplyAsync(this FaasServer server, string path, object body)
    {
        using var response = await server.PostAsync(path, body);
        return new Reply(response.StatusCode, response.Headers.RetryAfter?.Delta, await response.ReadAsync());
    }

    /// <summary>POST of a JSON body.</summary>
    public static Task<HttpResponseMessage> PostAsync(this FaasServer server, string path, object body) =>
        server.Client.PostAsync(new Uri(path, UriKind.Relative), JsonContent.Create(body));

    /// <summary>POST of a JSON body; the answer as soon as its headers are there.</summary>
    public static Task<HttpResponseMessage> OpenStreamAsync(this FaasServer server, string path, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        return server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>GET /readyz: whether it is ready, and what it says of its pool.</summary>
    public static async Task<(bool IsReady, PoolCounts Pool)> LookAsync(this FaasServer server)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        using var response = await client.GetAsync(new Uri("/readyz", UriKind.Relative));
        var pool = (await response.ReadAsync()).GetProperty("pool");
        int Of(string count) => pool.GetProperty(count).GetInt32();
        return (response.IsSuccessStatusCode, new PoolCounts(Of("starting"), Of("spare"), Of("idle"), Of("busy"), Of("waiting")));
    }

    /// <summary>The answer's body as JSON.</summary>
    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage response)
    {
        await using var body = await response.Content.ReadAsStreamAsync();
        using var document = await JsonDocument.ParseAsync(body);
        return document.RootElement.Clone();
    }

    /// <summary>All messages of an event stream, to its end.</summary>
    public static async Task<List<JsonElement>> EventsAsync(this FaasServer server, string path, object body)
    {
        using var response = await server.OpenStreamAsync(path, body);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var events = new List<JsonElement>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(JsonDocument.Parse(line[6..]).RootElement.Clone());
            }
        }

        return events;
    }
}

/// <summary>Sandboxes by what they do, and the calls that wait for one.</summary>
public sealed record PoolCounts(int Starting, int Spare, int Idle, int Busy, int Waiting)
{
    /// <summary>Sandboxes that serve nobody.</summary>
    public int Unused => Spare + Idle;

    /// <summary>No call, and no start.</summary>
    public bool IsAtRest => Starting + Busy + Waiting == 0;
}

/// <summary>A JSON answer.</summary>
public sealed record Reply(HttpStatusCode Status, TimeSpan? RetryAfter, JsonElement Body)
{
    /// <inheritdoc />
    public override string ToString() => $"{(int)Status} {Body.GetRawText()}";

    /// <summary>The data of a good answer, as JSON text.</summary>
    public string Data =>
        Status == HttpStatusCode.OK ? Body.GetProperty("data").GetRawText() : throw new InvalidOperationException(Body.GetRawText());

    /// <summary>The type of a good answer.</summary>
    public string Type => Body.GetProperty("type").GetString()!;

    /// <summary>The reason of a problem.</summary>
    public string Reason =>
        Body.TryGetProperty("reason", out var reason) ? reason.GetString()! : throw new InvalidOperationException(Body.GetRawText());
}
