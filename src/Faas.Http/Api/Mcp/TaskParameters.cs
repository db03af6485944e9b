using System.Text.Json.Nodes;
using ModelContextProtocol;

namespace Faas.Http.Api.Mcp;

/// <summary>Reads the parameters of the requests about tasks. Each method throws <see cref="McpProtocolException"/>.</summary>
internal static class TaskParameters
{
    /// <summary>The task that is meant.</summary>
    public static string IdOf(JsonNode? parameters) =>
        TextIn(parameters, "taskId") ?? throw Wrong("\"taskId\" must be a string, which names a task.");

    /// <summary>The cursor of the page that is meant; null: the first page.</summary>
    public static string? CursorOf(JsonNode? parameters) => TextIn(parameters, "cursor");

    /// <summary>For how long a call is to be a task, in milliseconds.</summary>
    /// <param name="asked">The member <c>task</c> of the call.</param>
    /// <param name="most">The longest time, which a call gets that asks for nothing.</param>
    public static long TtlOf(JsonNode asked, TimeSpan most)
    {
        var longest = (long)most.TotalMilliseconds;
        return asked is not JsonObject task ? throw Wrong("\"task\" must be an object.")
            : task["ttl"] is not { } ttl ? longest
            : ttl is JsonValue value && value.TryGetValue(out double milliseconds) && milliseconds >= 0
                ? (long)Math.Min(Math.Ceiling(milliseconds), longest)
            : throw Wrong("\"ttl\" of \"task\" must be a number of milliseconds that is not negative.");
    }

    /// <summary>A parameter is wrong.</summary>
    public static McpProtocolException Wrong(string detail) => new(detail, McpErrorCode.InvalidParams);

    private static string? TextIn(JsonNode? parameters, string name) => (parameters as JsonObject)?[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => throw Wrong($"\"{name}\" must be a string."),
    };
}
