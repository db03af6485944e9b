using System.Text.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Scripts;
using Faas.Http.Configuration;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Faas.Http.Api.Mcp;

/// <summary>
/// The tools that a caller may call, a page at a time: <c>run_code</c> first, and then the scripts that are tools, by path. A page reads
/// from the store what it shows, however many other scripts there are.
/// </summary>
public sealed class ToolList(BrowseScripts browse, FaasOptions options)
{
    private const string List = "tools";

    /// <summary>One page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before; null: the first page.</param>
    /// <param name="cancellation">Cancelled when the client leaves.</param>
    internal async Task<ListToolsResult> PageAsync(HttpContext context, string? cursor, CancellationToken cancellation)
    {
        var page = new PageOfList(options.Mcp.PageSize, McpCursor.PositionOf(cursor, List), List);
        List<Tool> tools = page.After is null && context.KeyMay(Scopes.Execute) ? [RunCodeTool.Definition] : [];
        if (!context.KeyMay(Scopes.Invoke))
        {
            return new ListToolsResult { Tools = tools };
        }

        var query = new CatalogQuery(CatalogOrder.Path, "", context.KeyPaths().Roots, page.Limit, page.After) { ToolsOnly = true };
        var (scripts, refusal) = await browse.ExecuteAsync(query, cancellation);
        if (scripts is null)
        {
            var problem = FaasProblems.Of(refusal!);
            CallRecord.Of(context).Fault = problem.Detail;
            throw new McpProtocolException(problem.Detail, McpErrorCode.InternalError);
        }

        tools.AddRange(scripts.Scripts.Select(Of).OfType<Tool>());
        return new ListToolsResult { Tools = tools, NextCursor = page.Cursor(scripts.Next) };
    }

    private static Tool? Of(ScriptSummary script) => ToolName.Of(script.Path) is not { } name ? null : new Tool
    {
        Name = name,
        Title = script.Path,
        Description = script.Latest.Settings.Description ?? $"Runs the script {script.Path}.",
        InputSchema = SchemaOf(script.Latest.Settings.InputSchema ?? JsonSchema.AnyObject),
    };

    private static JsonElement SchemaOf(JsonSchema schema)
    {
        using var document = JsonDocument.Parse(schema.Text);
        return document.RootElement.Clone();
    }
}
