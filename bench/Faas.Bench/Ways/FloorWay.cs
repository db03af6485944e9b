using System.Collections.Concurrent;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>The floor: zygotes in the server's own sandboxes, driven over their pipes with no server between.</summary>
/// <param name="site">What is prepared on the machine for the sandboxes; disposed with this.</param>
/// <param name="most">The most sandboxes at once, as many as the server may have; more callers share them.</param>
/// <param name="own">Counts what the bench's children use.</param>
internal sealed class FloorWay(LaunchSite site, int most, UsageGroup own) : Way(WayNames.Floor, own), IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly ExecLauncher _launcher = new(site);
    private readonly Esbuild _esbuild = new(site.Files.Esbuild, s_patience);

    public override IReadOnlyList<Caller> Open(Workload workload, int callers)
    {
        var code = CodeOf(workload);
        var starts = Enumerable.Range(0, Math.Min(callers, most)).Select(_ => Zygote.StartAsync(_launcher, code, workload)).ToList();
        try
        {
            Task.WaitAll(starts);
        }
        catch
        {
            starts.Where(start => start.IsCompletedSuccessfully).ToList().ForEach(start => start.Result.Dispose());
            throw;
        }

        var zygotes = starts.ConvertAll(start => start.Result);
        var free = new BlockingCollection<Zygote>();
        zygotes.ForEach(free.Add);
        return [.. Enumerable.Range(0, callers).Select(index => new Caller(() => CallOne(free), zygotes.ElementAtOrDefault(index)))];
    }

    public void Dispose()
    {
        _esbuild.Dispose();
        site.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static void CallOne(BlockingCollection<Zygote> free)
    {
        var zygote = free.Take();
        try
        {
            zygote.Call();
        }
        finally
        {
            free.Add(zygote);
        }
    }

    private ScriptCode CodeOf(Workload workload)
    {
        var code = ScriptCode.Of(workload.Language, workload.Source);
        return workload.Language != Language.TypeScript
            ? code
            : new TypeScriptCompiler(_esbuild).CompileAsync(code, CancellationToken.None).GetAwaiter().GetResult() is Prepared prepared
                ? prepared.Code
                : throw new BenchException($"{workload.Name} does not compile.");
    }
}
