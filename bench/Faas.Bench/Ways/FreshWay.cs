using System.Text.Json.Nodes;
using Faas.Actors.Json;
using Faas.Bench.Http;
using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary><c>/run-now</c> with a text that was never seen before.</summary>
/// <param name="name">Its name in the tables.</param>
/// <param name="server">The server; it belongs to the run.</param>
/// <param name="hasSpares">Whether the server starts sandboxes ahead of demand.</param>
internal sealed class FreshWay(string name, FaasUnderBench server, bool hasSpares) : ServerWay(name, server)
{
    private const int MostCallers = 8;

    public override bool HasSpares => hasSpares;

    /// <summary>
    /// No floods, since what goes through a stream does not depend on how its sandbox came about; no more callers than keep the
    /// processors busy with starts. Without spares it is for hello by one caller, who has spares otherwise.
    /// </summary>
    public override bool Serves(Workload workload, int callers) => hasSpares
        ? !workload.IsFlood && callers <= MostCallers
        : workload.Case == Cases.Hello && callers == 1;

    public override IReadOnlyList<Caller> Open(Workload workload, int callers) =>
        [.. Enumerable.Range(0, callers).Select(_ => CallerOf(workload, new FreshRequest(workload, RunNow).Next))];

    private static byte[] RunNow(Workload workload) => HttpConnection.Post(
        "/run-now",
        Members(workload, new JsonObject { ["language"] = workload.Language.ToWire(), ["code"] = workload.Source }));
}
