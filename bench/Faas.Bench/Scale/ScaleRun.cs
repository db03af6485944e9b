using System.Diagnostics;
using Faas.Bench.Processes;
using Faas.Bench.Reports;
using Faas.Bench.Settings;
using Faas.Bench.Stores;
using Faas.Bench.Ways;

namespace Faas.Bench.Scale;

/// <summary>One run: stores filled, servers started on them, all measured, everything taken down.</summary>
internal sealed class ScaleRun(BenchArguments asked, CancellationToken stop)
{
    private const string Kind = "seed";
    private const int Versions = 100;
    private const int FewerTimes = 10;
    private const int Clients = 1000;
    private readonly int _few = asked.Scripts / FewerTimes;

    /// <summary>Measures it all. Throws <see cref="BenchException"/> or what the server's own parts throw.</summary>
    public ScaleReport Measure()
    {
        var conditions = Conditions.AtBegin(AppContext.BaseDirectory);
        var folder = Directory.CreateTempSubdirectory("faas-bench-scale-").FullName;
        try
        {
            var waiting = Wait();
            var recoveries = Recover(Path.Combine(folder, "long"));
            var data = Path.Combine(folder, "filled");
            var (filling, list, uploads) = Fill(data, Path.Combine(folder, "few"));
            Progress.Measuring("calls on the filled and on an empty store");
            using var empty = new FaasUnderBench(asked.Server, "empty", different: StoreCosts.Settings);
            empty.WaitUntilItServes();
            using var filled = new FaasUnderBench(asked.Server, "filled", data, StoreCosts.Settings);
            filled.WaitUntilItServes();
            IReadOnlyList<SideBySide> calls = [.. new StoreCosts(filled, empty, Kind, asked.Scripts, stop).Measure(), .. uploads];
            return new ScaleReport(conditions.AtEnd(), filling, list, (filled.Times, empty.Times), calls, recoveries, waiting);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private Waiting Wait()
    {
        Progress.Measuring("clients that wait");
        using var server = new FaasUnderBench(asked.Server, "waiting", different: WaitingClients.Settings);
        server.WaitUntilItServes();
        return new WaitingClients(server, stop).Measure(Clients);
    }

    private IReadOnlyList<Recovery> Recover(string data)
    {
        Progress.Measuring("the first look-up after a start");
        Recoveries.Fill(data, stop);
        return new Recoveries(asked.Server, data, stop).Measure();
    }

    private (Filling Filling, ListTimes List, IReadOnlyList<SideBySide> Uploads) Fill(string data, string fewData)
    {
        Progress.Measuring($"how long {asked.Scripts} scripts take to write, and the list of them");
        using var usage = new UsageGroup("self", hasBench: true);
        using var few = OpenStore.Open(fewData);
        new StoreSeed(few).Write(Paths(_few), 1, stop);
        using var filled = OpenStore.Open(data);
        var begun = Stopwatch.GetTimestamp();
        new StoreSeed(filled).Write(Paths(asked.Scripts), Versions, stop);
        var took = Stopwatch.GetElapsedTime(begun);
        var bytes = new DirectoryInfo(data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        var costs = new RegistryCosts(filled, asked.Scripts, few, _few, usage, stop);
        return (new Filling(asked.Scripts, Versions, took, bytes), costs.MeasureList(), costs.MeasureUploads(StoreSeed.PathOf(Kind, 0)));
    }

    private static IEnumerable<string> Paths(int scripts) => Enumerable.Range(0, scripts).Select(number => StoreSeed.PathOf(Kind, number));
}
