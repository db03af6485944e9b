using System.Text.Json.Nodes;
using Faas.Bench.Http;
using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>
/// Ours, over HTTP. Each way that is called in turns has a server of its own, so that none evicts another's bound sandboxes and each
/// one's costs are its own.
/// </summary>
/// <param name="name">Its name in the tables.</param>
/// <param name="server">The server; it belongs to the run.</param>
internal abstract class ServerWay(string name, FaasUnderBench server) : Way(name, server.Usage)
{
    protected FaasUnderBench Server => server;

    public override void Rest(CancellationToken stop) => server.Rest(stop);

    /// <summary>A caller of a function that checks each result.</summary>
    /// <param name="workload">The function.</param>
    /// <param name="next">Makes the request of each call.</param>
    protected Caller CallerOf(Workload workload, Func<byte[]> next) => workload.Printed is null
        ? HttpCallers.Expecting(server.Address, next, new Expectation(workload.Result, answer => answer.GetProperty("data")))
        : HttpCallers.Streaming(server.Address, next, workload);

    /// <summary>The request that runs a stored script.</summary>
    protected static byte[] Run(string path, Workload workload) => HttpConnection.Post($"/run/{path}", Members(workload, []));

    /// <summary>The members of a call's body: some, and the function's input.</summary>
    protected static string Members(Workload workload, JsonObject body)
    {
        body["input"] = JsonNode.Parse(workload.Input);
        body["stream"] = workload.Printed is not null;
        return body.ToJsonString();
    }
}
