using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Faas.Testing;

/// <summary>
/// A client of <c>/mcp</c> that speaks protocol 2025-11-25 as bytes, so that a test sees what is on the wire. Its session is null until it
/// has initialized.
/// </summary>
public sealed class McpClient(HttpClient http)
{
    private int _id;

    /// <summary>What the server calls it.</summary>
    public string? Session { get; set; }

    /// <summary>The revision of the protocol that it names in each request; null: it names none.</summary>
    public string? Version { get; set; }

    /// <summary>The id of its last request.</summary>
    public int LastId => _id;

    /// <summary>Begins, and returns what the server says of itself.</summary>
    public async Task<JsonElement> InitializeAsync()
    {
        using var response = await PostAsync(Request("initialize", new
        {
            protocolVersion = "2025-11-25",
            capabilities = new { },
            clientInfo = new { name = "test", version = "1" },
        }));
        Session = response.Headers.GetValues("Mcp-Session-Id").Single();
        var reply = (await MessagesAsync(response)).Single();
        using var initialized = await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        return reply.GetProperty("result");
    }

    /// <summary>The last message that answers a request.</summary>
    public async Task<JsonElement> SendAsync(string method, object? parameters = null) => (await AllAsync(method, parameters))[^1];

    /// <summary>Every message that answers a request: notifications, and the response.</summary>
    public async Task<IReadOnlyList<JsonElement>> AllAsync(string method, object? parameters = null)
    {
        using var response = await PostAsync(Request(method, parameters));
        return await MessagesAsync(response);
    }

    /// <summary>The result of a tool.</summary>
    public async Task<JsonElement> CallAsync(string name, object? arguments = null) =>
        (await SendAsync("tools/call", new { name, arguments })).GetProperty("result");

    /// <summary>The names of the tools on the first page.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync() =>
    [
        .. (await SendAsync("tools/list")).GetProperty("result").GetProperty("tools").EnumerateArray()
            .Select(tool => tool.GetProperty("name").GetString()!),
    ];

    /// <summary>A request with the next id.</summary>
    public string Request(string method, object? parameters = null) =>
        JsonSerializer.Serialize(new { jsonrpc = "2.0", id = ++_id, method, @params = parameters ?? new { } });

    /// <summary>Says that a request is cancelled.</summary>
    public async Task CancelAsync(int id)
    {
        var message = new { jsonrpc = "2.0", method = "notifications/cancelled", @params = new { requestId = id } };
        using var response = await PostAsync(JsonSerializer.Serialize(message));
    }

    /// <summary>Sends a body as clients do, and returns when the headers of the answer are there.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        string body, (string Name, string Value)[]? headers = null, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (Version is not null)
        {
            request.Headers.Add("MCP-Protocol-Version", Version);
        }

        if (Session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", Session);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>The messages of an answer, to its end.</summary>
    public static async Task<IReadOnlyList<JsonElement>> MessagesAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return response.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? [.. text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => Parse(line[6..]))]
            : throw new InvalidOperationException($"{(int)response.StatusCode} {text}");
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
