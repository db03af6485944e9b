using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Scripts;
using Faas.Bench.Launches;
using Faas.Bench.Limits;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Reports;
using Faas.Bench.Rounds;
using Faas.Bench.Settings;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;
using Faas.Http.Configuration;

namespace Faas.Bench;

/// <summary>One run: everything that is measured started side by side, measured, and taken down.</summary>
internal sealed class BenchRun : IDisposable
{
    private const int WarmingCallers = 4;
    private static readonly TimeSpan s_warming = TimeSpan.FromSeconds(1);
    private readonly Stack<IDisposable> _open = [];
    private readonly List<FaasUnderBench> _servers = [];
    private readonly List<Way> _ways = [];
    private readonly List<string> _leftOut = [];
    private readonly Schedule _schedule;
    private readonly LaunchOverhead _launches;
    private readonly Conditions _conditions = Conditions.AtBegin(AppContext.BaseDirectory);
    private readonly bool _isFull;

    /// <summary>Starts everything. Throws <see cref="BenchException"/> or what the server's own parts throw.</summary>
    public BenchRun(BenchArguments asked)
    {
        try
        {
            _isFull = asked.Scope == BenchScope.Full;
            _schedule = _isFull ? Schedule.Full : Schedule.Quick;
            var options = FaasConfiguration.Load(Path.GetTempPath(), AppContext.BaseDirectory, _ => null);
            var sandbox = options.Sandbox with { FirstUid = 4_000_000 + (Environment.ProcessId % 10_000 * 1000) };
            var own = Keep(new UsageGroup("self", hasBench: true));
            var process = BeginServer(asked, WayNames.Process);
            var shared = BeginServer(asked, WayNames.Shared);
            var fresh = BeginServer(asked, WayNames.Sandbox);
            _launches = Keep(new LaunchOverhead(sandbox));
            var site = LaunchSite.OpenAsync(sandbox, CancellationToken.None).GetAwaiter().GetResult();
            _ways.Add(Keep(new FloorWay(site, Math.Min(options.Pool.Running, _schedule.FloorZygotes), own)));
            var bench = BenchFolder();
            _ways.Add(Keep(new ColdWay(site.Files, sandbox.Bubblewrap, Path.Combine(bench, "node_modules"), own)));
            AddServer(process, WayNames.Process, WayNames.Process);
            AddServer(shared, WayNames.Shared, WayNames.Shared);
            AddServer(fresh, WayNames.Sandbox, null);
            var usage = Keep(new UsageGroup("functions"));
            var framework = Keep(OtherServers.StartFunctionsFramework(site.Files.Node, bench, usage));
            _ways.Add(OtherServers.FunctionsFramework(framework, usage));
            if (_isFull)
            {
                _ways.Add(OtherServers.Health(_servers[0])); // no ratio rests on it
            }
            else
            {
                _leftOut.Add(
                    "A short run, nearly cold: V8 has not yet optimized what shared processes and streams run. `make bench` judges.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public BenchReport Measure(CancellationToken stop)
    {
        Progress.Measuring("the start of one sandbox");
        _ways.ForEach(way => way.Rest(stop));
        var launches = _launches.Measure(_schedule.LaunchPairs, stop);
        stop.WaitHandle.WaitOne(_schedule.Settling);
        var idle = _servers[0].Usage.Processes.Select(pid => (Memory.NameOf(pid), Memory.Of(pid))).ToList();
        var limits = _isFull ? MachineLimits.Measure(stop) : null;
        WarmServers(stop);
        var cells = _schedule.Groups.SelectMany(group => Measure(group, stop)).ToList();
        var floods = _schedule.Floods.SelectMany(group => Measure(group, stop)).ToList();
        var starts = _isFull ? _servers.ConvertAll(server => server.Times) : [];
        return new BenchReport(_conditions.AtEnd(), _leftOut, cells, floods, launches, limits, starts, idle);
    }

    public void Dispose()
    {
        while (_open.TryPop(out var part))
        {
            part.Dispose();
        }
    }

    private IReadOnlyList<Cell> Measure(GroupOf group, CancellationToken stop)
    {
        Progress.Measuring($"{group.Workload.Name}, {group.Callers} at once");
        return new Contest(group.Plan, stop).Run(group.Workload, group.Callers, _ways);
    }

    // One after the other where their starts are a table; else at once.
    private FaasUnderBench BeginServer(BenchArguments asked, string name)
    {
        var begun = Keep(new FaasUnderBench(asked.Server, name));
        if (_isFull)
        {
            begun.WaitUntilItServes();
        }

        return begun;
    }

    private void AddServer(FaasUnderBench server, string name, string? isolation)
    {
        server.WaitUntilItServes();
        _ways.Add(new ServerWay(name, server, isolation));
        _servers.Add(server);
    }

    // Their own code is compiled, and compiled better, as it is used.
    private void WarmServers(CancellationToken stop)
    {
        Progress.Measuring("nothing yet: the servers warm up");
        var ways = _ways.OfType<ServerWay>().Where(way => !way.IsSlow).ToList();
        var callers = ways.SelectMany(way => way.Open(Cases.HelloIn(Language.JavaScript), WarmingCallers)).ToList();
        LoadGenerator.Closed(callers, s_warming);
        callers.ForEach(caller => caller.Dispose());
        ways.ForEach(way => way.Rest(stop));
    }

    private T Keep<T>(T part)
        where T : IDisposable
    {
        _open.Push(part);
        return part;
    }

    private static string BenchFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "functions", "serve.cjs")))
            {
                return Directory.Exists(Path.Combine(folder.FullName, "node_modules"))
                    ? folder.FullName
                    : throw new BenchException($"{folder.FullName}/node_modules is missing; run `npm ci` there, or `make bench`.");
            }
        }

        throw new BenchException("functions/serve.cjs was not found above the bench.");
    }
}
