using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Faas.Actors.Scripts;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Faas.Http.Api.Mcp;

#pragma warning disable MCPEXP002 // The library has no other place for methods and results that it does not know.

/// <summary>
/// The utility "tasks" of protocol 2025-11-25, which the library does not speak. Source: Model Context Protocol 2025-11-25, "Tasks".
/// <para>
/// Theory of operation. Only a client that has begun with this revision is told of tasks: in the capabilities of the server, and in
/// <c>execution</c> of the tools that are scripts, which are added to what the library sends. Such a client names the revision in a header
/// of each later request, and these requests have the methods of tasks. To other clients the methods are unknown, and <c>task</c> in a call
/// is ignored, as the protocol asks. Revision 2026-07-28 has made an extension of tasks, with other messages, which this server does not
/// offer.
/// </para>
/// </summary>
internal static class TaskProtocol
{
    private const string Revision = "2025-11-25";
    private const string VersionHeader = "MCP-Protocol-Version";
    private const string TaskMember = "task";

    /// <summary>Announces tasks to clients that speak this revision of the protocol.</summary>
    public static void Announce(McpServerOptions mcp, HttpContext context)
    {
        var isSpoken = IsSpoken(context);
        mcp.Filters.Message.OutgoingFilters.Add(next => (message, cancellation) =>
        {
            if (message.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result })
            {
                Announce(result, isSpoken);
            }

            return next(message, cancellation);
        });
    }

    /// <summary>Whether the client of a request speaks this revision.</summary>
    public static bool IsSpoken(HttpContext context) => context.Request.Headers[VersionHeader] == Revision;

    /// <summary>Answers the methods of tasks, and calls of tools that are to be tasks.</summary>
    public static void Serve(McpServerOptions mcp, HttpContext context, ToolCalls calls, ToolTasks tasks)
    {
        mcp.Handlers.CallToolWithAlternateHandler = async (request, cancellation) =>
            AskedFor(request) is { } asked
                ? ResultOrAlternate<CallToolResult>.FromAlternate(
                    new CreatedTask { Task = await tasks.CreateAsync(context, request.Params, asked, cancellation) },
                    TaskJson.Default.CreatedTask)
                : await calls.CallAsync(context, request, cancellation);
        foreach (var (method, answer) in new (string, Func<HttpContext, JsonNode?, CancellationToken, Task<JsonNode?>>)[]
        {
            ("tasks/get", tasks.GetAsync),
            ("tasks/result", tasks.ResultAsync),
            ("tasks/list", tasks.ListAsync),
            ("tasks/cancel", tasks.CancelAsync),
        })
        {
            (mcp.RequestHandlers ??= []).Add(new McpServerRequestHandler
            {
                Method = method,
                Handler = async (request, cancellation) => await answer(context, request.Params, cancellation),
            });
        }
    }

    private static JsonNode? AskedFor(RequestContext<CallToolRequestParams> call) =>
        (call.JsonRpcRequest.Params as JsonObject)?[TaskMember];

    private static void Announce(JsonObject result, bool isSpoken)
    {
        if (result["protocolVersion"] is JsonValue version && version.TryGetValue(out string? text) && text == Revision
            && result["capabilities"] is JsonObject capabilities)
        {
            capabilities["tasks"] = new JsonObject
            {
                ["list"] = new JsonObject(),
                ["cancel"] = new JsonObject(),
                ["requests"] = new JsonObject { ["tools"] = new JsonObject { ["call"] = new JsonObject() } },
            };
        }
        else if (isSpoken && result["tools"] is JsonArray tools)
        {
            foreach (var tool in tools.OfType<JsonObject>().Where(tool => (string?)tool["name"] != ToolName.RunCode))
            {
                tool["execution"] = new JsonObject { ["taskSupport"] = "optional" };
            }
        }
    }
}

/// <summary>The answer to a call that has become a task.</summary>
internal sealed class CreatedTask : Result
{
    /// <summary>The task.</summary>
    [JsonPropertyName("task")]
    public required JsonObject Task { get; init; }
}

/// <summary>JSON of it.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreatedTask))]
internal sealed partial class TaskJson : JsonSerializerContext;
