using System.Globalization;
using Faas.Bench.Http;
using Faas.Bench.Load;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>
/// <c>/upload</c> of a text that was never seen before. Each caller has a path of its own, which gets a version by each call.
/// </summary>
/// <param name="name">Its name in the tables.</param>
/// <param name="server">The server; it belongs to the run.</param>
internal sealed class UploadWay(string name, FaasUnderBench server) : ServerWay(name, server)
{
    public override IReadOnlyList<Caller> Open(Workload workload, int callers) =>
        [.. Enumerable.Range(0, callers).Select(caller => HttpCallers.Changing(Server.Address, Uploads(workload, caller), 200))];

    private static Func<byte[]> Uploads(Workload workload, int caller)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{workload.Path}/{caller}");
        return new FreshRequest(workload, text => FaasUnderBench.UploadRequest(path, text.Language, text.Source)).Next;
    }
}
