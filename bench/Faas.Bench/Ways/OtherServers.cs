using Faas.Actors.Scripts;
using Faas.Bench.Http;
using Faas.Bench.Processes;
using Faas.Bench.Workloads;
using Faas.Testing;

namespace Faas.Bench.Ways;

/// <summary>What our server is measured beside over HTTP. Both answer hello in JavaScript and nothing else.</summary>
internal static class OtherServers
{
    /// <summary>A request that runs no script: it costs the load generator, loopback and Kestrel, so no way is faster.</summary>
    public static Way Health(FaasUnderBench server)
    {
        var request = HttpConnection.Get(WayNames.Health);
        return new CallerWay(
            WayNames.Health,
            server.Usage,
            _ => HttpCallers.Expecting(server.Address, () => request, new Expectation("\"alive\"", answer => answer.GetProperty("status"))),
            IsHello);
    }

    /// <summary>Google's functions-framework for Node: one process for all calls and no isolation at all.</summary>
    /// <param name="server">The server, which listens.</param>
    /// <param name="usage">The group that it is in.</param>
    public static Way FunctionsFramework(ServerProcess server, UsageGroup usage)
    {
        var address = server.ListensAsync().GetAwaiter().GetResult();
        return new CallerWay(
            WayNames.Framework,
            usage,
            workload =>
            {
                var request = HttpConnection.Post("/", workload.Input);
                return HttpCallers.Expecting(address, () => request, new Expectation(workload.Result, answer => answer));
            },
            IsHello);
    }

    /// <summary>Starts functions-framework.</summary>
    /// <param name="node">The node program, the same that runs scripts.</param>
    /// <param name="folder">bench/, with functions/ and node_modules/.</param>
    /// <param name="usage">The group that it enters.</param>
    public static ServerProcess StartFunctionsFramework(string node, string folder, UsageGroup usage) =>
        ServerProcess.Start(usage.Entering(node, Path.Combine("functions", "serve.cjs")), folder, ("NODE_ENV", "production"));

    private static bool IsHello(Workload workload) => workload is { Case: Cases.Hello, Language: Language.JavaScript };
}
