using Faas.Actors.Json;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Wire;
using ModelContextProtocol;

namespace Faas.Http.Api.Mcp;

/// <summary>Finds the script that a tool is. A tool that the caller may not call is unknown to it, as it is not in its list.</summary>
public sealed class ToolLookup(ScriptLookup scripts)
{
    /// <summary>The script, or why it cannot run now. Throws <see cref="McpProtocolException"/> where there is no such tool.</summary>
    /// <param name="context">The request, whose record gets the script's path and version.</param>
    /// <param name="name">The tool's name.</param>
    /// <param name="cancellation">Cancelled when the client leaves.</param>
    internal async Task<OrRefusal<FoundTool>> FindAsync(HttpContext context, string name, CancellationToken cancellation)
    {
        var record = CallRecord.Of(context);
        if (ToolName.PathOf(name) is not { } path || !context.KeyMay(Scopes.Invoke) || !context.KeyPaths().Include(path))
        {
            throw Unknown(record, name);
        }

        record.Path = path;
        var (found, refusal) = await scripts.FindToRunAsync(path, VersionRef.Latest, headerOf: null, cancellation);
        if (found is null && refusal!.Reason != RefusalReason.NotFound)
        {
            return refusal;
        }

        if (found?.Version.Settings.Tool is not true)
        {
            throw Unknown(record, name);
        }

        record.Version = found.Version.Number;
        return new FoundTool(path, found);
    }

    private static McpProtocolException Unknown(CallRecord record, string name)
    {
        record.Reason = RefusalReason.NotFound.ToWire();
        return new McpProtocolException($"Unknown tool: {UnknownName.Quoted(name)}", McpErrorCode.InvalidParams);
    }
}

/// <summary>A tool that is a script.</summary>
/// <param name="Path">The script.</param>
/// <param name="Script">Its latest version.</param>
internal sealed record FoundTool(string Path, FoundScript Script);
