using System.Diagnostics;
using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Scripts;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>go-faas's way: for each call bubblewrap, and in it the interpreter, started on the script; tsx for TypeScript.</summary>
internal sealed class ColdWay(RuntimeFiles files, string bubblewrap, string modules, IUsage own) : IWay
{
    private const string ScriptInside = "/script";
    private const string NodeInside = "/node";
    private const string ModulesInside = "/node_modules";
    private const int MostCallers = 8;
    private readonly string _folder = Directory.CreateTempSubdirectory("faas-cold-").FullName;

    /// <inheritdoc/>
    public string Name => WayNames.Cold;

    /// <inheritdoc/>
    public bool IsSlow => true;

    /// <inheritdoc/>
    public IUsage Usage => own;

    /// <summary>Not 64 at once: the processors are all in use at 8, and one round of 64 would take half a minute. No floods: there is no server for them to go through.</summary>
    public bool Serves(Workload workload, int callers) => callers <= MostCallers && !workload.IsFlood;

    /// <inheritdoc/>
    public IReadOnlyList<ICaller> Open(Workload workload, int callers)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, workload.Path)).FullName;
        var name = ColdScript.NameOf(workload.Language);
        File.WriteAllText(Path.Combine(folder, name), ColdScript.TextOf(workload));
        var script = $"{ScriptInside}/{name}";

        // One each: a start description is not safe from several threads.
        return [.. Enumerable.Range(0, callers).Select(_ => new ColdCaller(Describe(workload, folder, script), workload))];
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, true);

    private ProcessStartInfo Describe(Workload workload, string folder, string script) =>
        workload.Language switch
        {
            Language.JavaScript => PlainBubblewrap.Start(bubblewrap, [(folder, ScriptInside), (files.Node, NodeInside)], NodeInside, script),
            Language.TypeScript => PlainBubblewrap.Start(
                bubblewrap,
                [(folder, ScriptInside), (files.Node, NodeInside), (modules, ModulesInside)],
                NodeInside, $"{ModulesInside}/tsx/dist/cli.mjs", script),
            _ => PlainBubblewrap.Start(bubblewrap, [(folder, ScriptInside)], files.Python, script),
        };
}
