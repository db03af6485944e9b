using System.Diagnostics;
using Faas.Bench.Http;
using Faas.Bench.Stores;
using Faas.Bench.Ways;

namespace Faas.Bench.Scale;

// Theory of operation. A server that has just started has read no script. The first that it is asked for is the one that
// is measured, and by a version that it has not: that is answered once the script is read from the store, and takes no
// sandbox. Each start serves one measurement, and the scripts take turns. One of a single version stands beside the long
// ones, so that what the first question costs whatever it is about can be told from what the versions cost.

/// <summary>How long a script takes to be read from the store by a server that was just started.</summary>
internal sealed class Recoveries(string server, string data, CancellationToken stop)
{
    private const int Rounds = 5;

    /// <summary>The scripts, and how many versions each has: one; many snapshots' worth; the most events after a snapshot.</summary>
    public static IReadOnlyList<(string Path, int Versions)> Scripts { get; } = [("one", 1), ("long", 10_000), ("longest", 10_099)];

    public static void Fill(string data, CancellationToken stop)
    {
        using var store = OpenStore.Open(data);
        var seed = new StoreSeed(store);
        foreach (var (path, versions) in Scripts)
        {
            seed.Write([path], versions, stop);
        }
    }

    public IReadOnlyList<Recovery> Measure()
    {
        var rounds = Enumerable.Range(0, Rounds).Select(_ => Scripts.Select(script => Once(script.Path)).ToList()).ToList();
        return [.. Scripts.Select((script, index) => new Recovery(script.Versions, [.. rounds.Select(round => round[index])]))];
    }

    private TimeSpan Once(string path)
    {
        stop.ThrowIfCancellationRequested();
        using var started = new FaasUnderBench(server, "recovery", data);
        started.WaitUntilItServes();
        var request = HttpConnection.Post($"/run/{path}?version=1", "{}");
        var begun = Stopwatch.GetTimestamp();
        var (status, body) = started.Ask(request);
        var took = Stopwatch.GetElapsedTime(begun);
        return status == 404 ? took : throw new BenchException($"The look-up of {path} was answered {status}: {body}");
    }
}
