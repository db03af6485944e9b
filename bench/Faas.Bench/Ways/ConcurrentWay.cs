using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>A stored script whose shared process serves several calls at once: hello, called by several.</summary>
/// <param name="server">The server; it belongs to the run.</param>
internal sealed class ConcurrentWay(FaasUnderBench server) : ServerWay(WayNames.Concurrent, server)
{
    private const int Concurrency = 8;

    public override bool Serves(Workload workload, int callers) => workload.Case == Cases.Hello && callers > 1;

    public override IReadOnlyList<Caller> Open(Workload workload, int callers)
    {
        Server.Upload(workload.Path, workload.Language, workload.Source, Isolation.Shared.ToWire(), Concurrency);
        var request = Run(workload.Path, workload);
        return [.. Enumerable.Range(0, callers).Select(_ => CallerOf(workload, () => request))];
    }
}
