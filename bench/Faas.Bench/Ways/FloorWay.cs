using System.Collections.Concurrent;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>The floor: zygotes in the server's own sandboxes, driven over their pipes with no server between.</summary>
/// <param name="name">Its name in the tables.</param>
/// <param name="launcher">Starts the sandboxes.</param>
/// <param name="maker">Makes their code.</param>
/// <param name="most">The most sandboxes at once; more callers share them.</param>
/// <param name="own">Counts what the bench's children use.</param>
internal sealed class FloorWay(string name, ISandboxLauncher launcher, CodeMaker maker, int most, UsageGroup own) : Way(name, own)
{
    private const int MostCallersByExec = 8;

    /// <summary>All; but what stands beside the floor for comparison alone serves hello alone.</summary>
    public override bool Serves(Workload workload, int callers) =>
        Name == WayNames.Floor || (workload.Case == Cases.Hello && callers <= MostCallersByExec);

    public override IReadOnlyList<Caller> Open(Workload workload, int callers)
    {
        var code = maker.CodeOf(workload);
        var starts = Enumerable.Range(0, Math.Min(callers, most)).Select(_ => Zygote.StartAsync(launcher, code, workload)).ToList();
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
}
