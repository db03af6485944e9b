using Faas.Http.Api.Index;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Faas.Http.Api.Mcp;

/// <summary>
/// The protocol's library, set up for this server: it speaks the protocol, and asks this server for its tools alone. It has services of
/// its own, so that the server neither loads nor registers it at its start. It logs nothing: it would write what callers send; the line
/// of the call says the rest.
/// </summary>
internal static class McpTransport
{
    private const string Name = "faas";
    private const string Instructions =
        "Each tool is a script that runs in a sandbox. What it prints comes as progress while it runs.";

    /// <summary>What answers a message.</summary>
    /// <param name="server">The server's services.</param>
    public static RequestDelegate Build(IServiceProvider server)
    {
        var (list, calls, tasks) = (
            server.GetRequiredService<ToolList>(), server.GetRequiredService<ToolCalls>(), server.GetRequiredService<ToolTasks>());
        var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(server.GetRequiredService<IHostApplicationLifetime>());
        services.AddMcpServer().WithHttpTransport(http =>
        {
            http.SessionMode = HttpServerSessionMode.Stateless;
            http.ConfigureSessionOptions = (context, mcp, _) =>
            {
                Offer(mcp, context, list, calls, tasks);
                return Task.CompletedTask;
            };
        });
        var routes = new Routes(services.BuildServiceProvider());
        routes.MapMcp("/mcp");
        return routes.DataSources.SelectMany(source => source.Endpoints).Single().RequestDelegate!;
    }

    private static void Offer(McpServerOptions mcp, HttpContext context, ToolList list, ToolCalls calls, ToolTasks tasks)
    {
        mcp.ServerInfo = new Implementation { Name = Name, Title = "Faas", Version = ServerVersion.Text };
        mcp.ServerInstructions = Instructions;
        mcp.Handlers.ListToolsHandler = async (request, cancellation) =>
            await list.PageAsync(context, request.Params?.Cursor, cancellation);
        var hasTasks = tasks.AreFor(context);
        if (hasTasks)
        {
            TaskProtocol.Announce(mcp, context);
        }

        if (hasTasks && TaskProtocol.IsSpoken(context))
        {
            TaskProtocol.Serve(mcp, context, calls, tasks);
            return;
        }

        mcp.Handlers.CallToolHandler = async (request, cancellation) =>
            await calls.CallAsync(context, request, cancellation);
    }

    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider { get; } = services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(ServiceProvider);
    }
}
