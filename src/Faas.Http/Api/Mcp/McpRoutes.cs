using Faas.Http.Access;
using Faas.Http.Configuration;

namespace Faas.Http.Api.Mcp;

/// <summary>Adds <c>POST /mcp</c>, the tools for models (Model Context Protocol, transport "Streamable HTTP").</summary>
public static class McpRoutes
{
    private const string Path = "/mcp";

    /// <summary>Adds the parts behind the route. Nothing of the protocol's library is loaded before the first request.</summary>
    public static IServiceCollection AddMcp(this IServiceCollection services) => services
        .AddSingleton<CallsUnderWay>()
        .AddSingleton<ToolLookup>()
        .AddSingleton<ToolCalls>()
        .AddSingleton<ToolTasks>()
        .AddSingleton<ToolList>()
        .AddSingleton<McpEndpoint>();

    /// <summary>Adds the route, unless the settings say that there is none.</summary>
    public static void MapMcpRoute(this IEndpointRouteBuilder routes, McpOptions options)
    {
        if (options.Enabled)
        {
            routes.MapPost(Path, context => context.RequestServices.GetRequiredService<McpEndpoint>().HandleAsync(context))
                .Needs(Scopes.Invoke | Scopes.Execute)
                .WithSummary("offers scripts to models as tools (Model Context Protocol)")
                .ExcludeFromDescription();
        }
    }
}
