using Faas.Actors.Scripts;
using Faas.Bench.Http;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>A request that runs no script: what the load generator, loopback and Kestrel cost, and so the most that can be measured.</summary>
/// <param name="server">Whose <c>/healthz</c> is asked; it belongs to another way.</param>
internal sealed class HealthWay(FaasUnderBench server) : IWay
{
    /// <inheritdoc/>
    public string Name => WayNames.Health;

    /// <inheritdoc/>
    public bool IsSlow => false;

    /// <inheritdoc/>
    public IUsage Usage => server.Usage;

    /// <inheritdoc/>
    public bool Serves(Workload workload, int callers) => workload is { Case: Cases.Hello, Language: Language.JavaScript };

    /// <inheritdoc/>
    public IReadOnlyList<ICaller> Open(Workload workload, int callers) =>
        [.. Enumerable.Range(0, callers).Select(_ => new HttpCaller(server.Address, HttpConnection.Get(WayNames.Health), new Expectation("\"alive\"", answer => answer.GetProperty("status"))))];

    /// <inheritdoc/>
    public void Dispose()
    {
        // The server belongs to another way.
    }
}
