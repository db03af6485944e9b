using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Faas.Actors.Json;
using Faas.Http.Access;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.Functions;

/// <summary>Writes a request as the event of the script that answers it: <c>{"http": {…}}</c>.</summary>
public static class FunctionEvent
{
    /// <summary>The event as UTF-8 JSON.</summary>
    /// <param name="request">The request; its body was read.</param>
    /// <param name="rest">What follows the script's path in the target.</param>
    /// <param name="body">The body.</param>
    /// <param name="hideKey">True: the request has a key of this server, which the script must not see.</param>
    public static ReadOnlyMemory<byte> Of(HttpRequest request, string rest, ReadOnlySpan<byte> body, bool hideKey)
    {
        var bytes = new ArrayBufferWriter<byte>(1024 + body.Length);
        using var json = new Utf8JsonWriter(bytes, RelaxedJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartObject("http");
        json.WriteString("method", request.Method);
        json.WriteString("path", rest);
        json.WriteString("rawQuery", request.QueryString.Value is { Length: > 1 } query ? query[1..] : "");
        WriteQuery(json, request.Query);
        WriteHeaders(json, request.Headers, hideKey);
        WriteBody(json, body);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private static void WriteQuery(Utf8JsonWriter json, IQueryCollection query)
    {
        json.WriteStartObject("query");
        foreach (var (name, values) in query)
        {
            json.WritePropertyName(name);
            if (values.Count == 1)
            {
                json.WriteStringValue(values[0]);
                continue;
            }

            json.WriteStartArray();
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteHeaders(Utf8JsonWriter json, IHeaderDictionary headers, bool hideKey)
    {
        json.WriteStartObject("headers");
        foreach (var (name, values) in headers)
        {
            if (!HopByHop.Is(name) && !(hideKey && IsKey(name)))
            {
                json.WriteString(name.ToLowerInvariant(), Joined(name, values));
            }
        }

        json.WriteEndObject();
    }

    // Source: RFC 9110, section 5.3; RFC 6265, section 5.4.
    private static string Joined(string name, StringValues values) =>
        string.Join(name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase) ? "; " : ", ", (IEnumerable<string?>)values);

    private static bool IsKey(string name) =>
        name.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase)
        || name.Equals(Credential.KeyHeader, StringComparison.OrdinalIgnoreCase);

    private static void WriteBody(Utf8JsonWriter json, ReadOnlySpan<byte> body)
    {
        var isText = Utf8.IsValid(body);
        json.WriteString("body", isText ? Encoding.UTF8.GetString(body) : Convert.ToBase64String(body));
        if (!isText)
        {
            json.WriteBoolean("base64", true);
        }
    }
}
