using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>One stored script at one isolation level.</summary>
/// <param name="isolation">The level, which is the way's name.</param>
/// <param name="server">The server; it belongs to the run.</param>
internal sealed class StoredWay(string isolation, FaasUnderBench server) : ServerWay(isolation, server)
{
    public override IReadOnlyList<Caller> Open(Workload workload, int callers)
    {
        Server.Upload(workload.Path, workload.Language, workload.Source, Name);
        var request = Run(workload.Path, workload);
        return [.. Enumerable.Range(0, callers).Select(_ => CallerOf(workload, () => request))];
    }
}
