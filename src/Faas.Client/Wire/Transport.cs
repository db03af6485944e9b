using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faas.Client;

/// <summary>
/// Sends requests; an answer that is not a success becomes a <see cref="FaasException"/>. Addresses are relative to the server's.
/// </summary>
internal sealed class Transport(HttpClient http)
{
    private const string Json = "application/json";
    private const string Events = "text/event-stream";
    private const string Refused = "refused";

    /// <summary>Sends a request; the answer's body is still to be read, by the caller, who disposes it.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellation, HttpStatusCode? alsoGood = null)
    {
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode || response.StatusCode == alsoGood)
        {
            return response;
        }

        using (response)
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            throw new FaasException(ProblemOf(response, body), RetryAfterOf(response.Headers.RetryAfter));
        }
    }

    /// <summary>Sends a request without a body; reads the answer as JSON.</summary>
    public async Task<T> ReadAsync<T>(HttpMethod method, string address, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        using var response = await SendAsync(request, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    /// <summary>Sends a request with a body; reads the answer as JSON.</summary>
    public async Task<TAnswer> WriteAsync<TBody, TAnswer>(
        HttpMethod method,
        string address,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<TAnswer> type,
        CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address) { Content = Content(body, bodyType) };
        using var response = await SendAsync(request, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    /// <summary>Sends a request without a body, whose answer has none.</summary>
    public async Task SendAsync(HttpMethod method, string address, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        using var response = await SendAsync(request, cancellation);
        if (response.StatusCode != HttpStatusCode.NoContent)
        {
            throw Foreign(response);
        }
    }

    /// <summary>Reads a text.</summary>
    public async Task<string> TextAsync(string address, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
        using var response = await SendAsync(request, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>Reads an answer as JSON.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        return Parse(await response.Content.ReadAsByteArrayAsync(cancellation), type, response);
    }

    /// <summary>Reads a message of an event stream as JSON.</summary>
    public static T Parse<T>(string message, JsonTypeInfo<T> type, HttpResponseMessage response) =>
        Parse(Encoding.UTF8.GetBytes(message), type, response);

    private static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, HttpResponseMessage response)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw Foreign(response);
        }
        catch (JsonException)
        {
            throw Foreign(response);
        }
    }

    /// <summary>
    /// The data of each message of an event stream, as it comes; <see cref="FaasException"/> when the server ends the stream because it
    /// would refuse the request now, <see cref="HttpIOException"/> when it is silent for longer than it has promised.
    /// </summary>
    public static async IAsyncEnumerable<string> EventsAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var message in MessagesAsync(response, cancellation))
        {
            yield return message.Data;
        }
    }

    /// <summary>The same with the ids of the messages.</summary>
    public static async IAsyncEnumerable<SseItem<string>> MessagesAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType != Events)
        {
            throw Foreign(response);
        }

        await using var body = await PingedStream.OfAsync(response, cancellation);
        await foreach (var message in SseParser.Create(body).EnumerateAsync(cancellation))
        {
            if (message.EventType == Refused)
            {
                throw new FaasException(ProblemIn(message.Data) ?? throw Foreign(response));
            }

            yield return message;
        }
    }

    /// <summary>A body of JSON.</summary>
    public static HttpContent Content<T>(T body, JsonTypeInfo<T> type) => Content(JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>The same of bytes that are JSON already.</summary>
    public static HttpContent Content(byte[] json) =>
        new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue(Json) } };

    /// <summary>An answer that no Faas gives.</summary>
    public static FaasException Foreign(HttpResponseMessage response) => new(new Problem(
        (int)response.StatusCode,
        $"{response.ReasonPhrase}",
        $"{AddressOf(response)} gave an answer that a Faas server does not give; is it one?"));

    private static string? AddressOf(HttpResponseMessage response) => response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path);

    private static Problem? ProblemIn(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ClientJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Problem ProblemOf(HttpResponseMessage response, byte[] body)
    {
        // What is not as its type says has its status alone.
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            && ProblemIn(Encoding.UTF8.GetString(body)) is { } problem)
        {
            return problem;
        }

        var (status, title) = ((int)response.StatusCode, response.ReasonPhrase ?? "");
        return new Problem(
            status, title, $"{AddressOf(response)} answers {status} {title}; a Faas server would say more, so this may be no such server.");
    }

    private static TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date && date > DateTimeOffset.UtcNow ? date - DateTimeOffset.UtcNow : null);
}
