using System.Text;
using System.Text.Json;
using Faas.Actors.Runs;
using Microsoft.Extensions.Primitives;

namespace Faas.Http.Api.Functions;

/// <summary>
/// The HTTP answer that a script's value means. An object with a member <c>status</c> is an answer,
/// <c>{"status", "headers", "body", "base64"}</c>; any other value is the body of a 200.
/// </summary>
/// <param name="Status">200 to 599.</param>
/// <param name="Headers">Without those of <see cref="HopByHop"/>.</param>
/// <param name="Body">The bytes.</param>
/// <param name="ContentType">The body's media type where the script names none; null: there is no body.</param>
public sealed record FunctionReply(
    int Status, IReadOnlyList<KeyValuePair<string, StringValues>> Headers, ReadOnlyMemory<byte> Body, string? ContentType)
{
    private const string Text = "text/plain; charset=utf-8";
    private const string Json = "application/json; charset=utf-8";
    private static readonly string[] s_members = ["status", "headers", "body", "base64"];

    /// <summary>The answer; throws <see cref="FunctionReplyException"/> when the value is no answer.</summary>
    public static FunctionReply Of(ResultData data)
    {
        if (data.Type == DataType.Bytes)
        {
            var (mediaType, content) = BytesData.Read(data);
            return new FunctionReply(StatusCodes.Status200OK, [], content, mediaType);
        }

        using var document = ParseOrNull(data.Json);
        return document is null ? new FunctionReply(StatusCodes.Status200OK, [], data.Json, Json)
            : document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("status", out _)
            ? OfObject(document.RootElement)
            : OfBody(StatusCodes.Status200OK, [], document.RootElement);
    }

    private static FunctionReply OfObject(JsonElement answer)
    {
        foreach (var member in answer.EnumerateObject())
        {
            if (!s_members.Contains(member.Name))
            {
                throw new FunctionReplyException($"has a member \"{Short(member.Name)}\"; allowed are {string.Join(", ", s_members)}");
            }
        }

        var status = StatusOf(answer.GetProperty("status"));
        var headers = answer.TryGetProperty("headers", out var written) ? FunctionHeaders.Of(written) : [];
        var isBase64 = answer.TryGetProperty("base64", out var flag) && (flag.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? flag.GetBoolean()
            : throw new FunctionReplyException("has a \"base64\" that is neither true nor false"));
        if (!answer.TryGetProperty("body", out var body))
        {
            return new FunctionReply(status, headers, default, null);
        }

        return isBase64 ? OfBase64(status, headers, body) : OfBody(status, headers, body);
    }

    private static int StatusOf(JsonElement status) =>
        status.ValueKind == JsonValueKind.Number && status.TryGetInt32(out var number) && number is >= 200 and <= 599
            ? number
            : throw new FunctionReplyException($"has the status {Short(status.GetRawText())}; allowed are 200 to 599");

    private static FunctionReply OfBase64(int status, IReadOnlyList<KeyValuePair<string, StringValues>> headers, JsonElement body) =>
        body.ValueKind == JsonValueKind.String && body.TryGetBytesFromBase64(out var bytes)
            ? new FunctionReply(status, headers, bytes, "application/octet-stream")
            : throw new FunctionReplyException("has a \"body\" that is not base64, though \"base64\" is true");

    private static FunctionReply OfBody(int status, IReadOnlyList<KeyValuePair<string, StringValues>> headers, JsonElement body) =>
        body.ValueKind switch
        {
            JsonValueKind.Null => new FunctionReply(status, headers, default, null),
            JsonValueKind.String => new FunctionReply(status, headers, Encoding.UTF8.GetBytes(TextOf(body)), Text),
            _ => new FunctionReply(status, headers, Encoding.UTF8.GetBytes(body.GetRawText()), Json),
        };

    private static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new FunctionReplyException("has a \"body\" with half of a surrogate pair");
        }
    }

    // A value may nest deeper than a document can be read. It is valid JSON all the same.
    private static JsonDocument? ParseOrNull(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Short(string text) => text.Length <= 40 ? text : $"{text[..40]}…";
}

/// <summary>A script returned an object that should be an HTTP answer and is none.</summary>
/// <param name="how">What is wrong with it, as the end of a sentence that begins with "The script's answer".</param>
public sealed class FunctionReplyException(string how) : Exception($"The script's answer {how}.");
