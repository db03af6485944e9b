using System.Diagnostics;
using System.Text.Json.Nodes;
using Faas.Actors.Json;
using Faas.Bench.Http;
using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>
/// Ours, over HTTP, at one isolation level. Each level has a server of its own, so that none evicts another's bound
/// sandboxes between two rounds and each one's costs are its own.
/// </summary>
/// <param name="name">The level.</param>
/// <param name="server">The server; it belongs to the run.</param>
/// <param name="isolation">What <c>/upload</c> is told; null: nothing is stored, <c>/run-now</c> is called.</param>
internal sealed class ServerWay(string name, FaasUnderBench server, string? isolation) : Way(name, server.Usage)
{
    private const int MostStarters = 8;

    // Of one processor: a server that does nothing for a caller uses less.
    private const double IdleShare = 0.25;

    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(20);

    public override bool IsSlow => isolation is null;
    public override bool HasSpares => isolation is null;

    /// <summary>
    /// All, but floods only where they are stored, since what goes through a stream does not depend on how its sandbox
    /// came about; and sandboxes not by more callers than keep the processors busy with starts.
    /// </summary>
    public override bool Serves(Workload workload, int callers) => isolation is not null || (!workload.IsFlood && callers <= MostStarters);

    public override IReadOnlyList<Caller> Open(Workload workload, int callers)
    {
        var request = isolation is null ? RunNow(workload) : Stored(workload);
        return
        [
            .. Enumerable.Range(0, callers).Select(_ => workload.Printed is null
                ? HttpCallers.Expecting(server.Address, request, new Expectation(workload.Result, answer => answer.GetProperty("data")))
                : HttpCallers.Streaming(server.Address, request, workload)),
        ];
    }

    /// <summary>Until no call runs, no spare starts, and none that is ready goes on to warm up.</summary>
    public override void Rest(CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        bool isIdle;
        do
        {
            var (cpu, since) = (Usage.Cpu, Stopwatch.GetTimestamp());
            stop.WaitHandle.WaitOne(s_betweenLooks);
            stop.ThrowIfCancellationRequested();
            isIdle = Usage.Cpu - cpu < Stopwatch.GetElapsedTime(since) * IdleShare;
        }
        while (!(isIdle && server.PoolCount("starting", "busy") == 0) && Stopwatch.GetElapsedTime(begun) < s_longestRest);
    }

    private static byte[] RunNow(Workload workload) => HttpConnection.Post(
        "/run-now",
        Members(workload, new JsonObject { ["language"] = workload.Language.ToWire(), ["code"] = workload.Source }));

    private byte[] Stored(Workload workload)
    {
        server.Upload(workload.Path, workload.Language, workload.Source, isolation);
        return HttpConnection.Post($"/run/{workload.Path}", Members(workload, []));
    }

    private static string Members(Workload workload, JsonObject body)
    {
        body["input"] = JsonNode.Parse(workload.Input);
        body["stream"] = workload.Printed is not null;
        return body.ToJsonString();
    }
}
