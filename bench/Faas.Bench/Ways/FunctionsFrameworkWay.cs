using Faas.Actors.Scripts;
using Faas.Bench.Http;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>Google's functions-framework for Node: one process for all calls and no isolation at all. It has a hello function and nothing else.</summary>
internal sealed class FunctionsFrameworkWay : IWay
{
    private readonly ListeningProcess _process;

    /// <summary>Starts it.</summary>
    /// <param name="node">The node binary, the same that runs scripts.</param>
    /// <param name="folder">bench/, with functions/ and node_modules/.</param>
    public FunctionsFrameworkWay(string node, string folder) => _process = ListeningProcess.Start(
        "functions", [node, Path.Combine("functions", "serve.cjs")], folder, new Dictionary<string, string> { ["NODE_ENV"] = "production" });

    /// <inheritdoc/>
    public string Name => WayNames.Framework;

    /// <inheritdoc/>
    public bool IsSlow => false;

    /// <inheritdoc/>
    public IUsage Usage => _process.Group;

    /// <inheritdoc/>
    public bool Serves(Workload workload, int callers) => workload is { Case: Cases.Hello, Language: Language.JavaScript };

    /// <inheritdoc/>
    public IReadOnlyList<ICaller> Open(Workload workload, int callers)
    {
        var request = HttpConnection.Post("/", workload.Input);
        return [.. Enumerable.Range(0, callers).Select(_ => new HttpCaller(_process.Address, request, new Expectation(workload.Result, answer => answer)))];
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
