using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;

namespace Faas.Bench.Scale;

/// <summary>One store's server, asked in one way; it belongs to somebody else.</summary>
internal sealed class StoreWay(string name, IUsage usage, Func<ICaller> open) : IWay
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool IsSlow => false;

    /// <inheritdoc/>
    public IUsage Usage => usage;

    /// <inheritdoc/>
    public bool Serves(Workload workload, int callers) => true;

    /// <inheritdoc/>
    public IReadOnlyList<ICaller> Open(Workload workload, int callers) => [.. Enumerable.Range(0, callers).Select(_ => open())];

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
