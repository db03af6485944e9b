using Faas.Actors.Json;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;
using Faas.Bench.Launches;
using Faas.Bench.Limits;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Reports;
using Faas.Bench.Rounds;
using Faas.Bench.Settings;
using Faas.Bench.Stores;
using Faas.Bench.Warm;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;
using Faas.Http.Configuration;

namespace Faas.Bench;

/// <summary>One run: everything that is measured started side by side, measured, and taken down.</summary>
internal sealed class BenchRun : IDisposable
{
    private const string ByExec = "faas.sandbox.launch = exec\n";
    private const int WarmingCallers = 4;
    private static readonly TimeSpan s_warming = TimeSpan.FromSeconds(1);
    private readonly Stack<IDisposable> _open = [];
    private readonly List<Way> _ways = [];
    private readonly List<Way> _uploads = [];
    private readonly List<string> _leftOut = [];
    private readonly BenchArguments _asked;
    private readonly Schedule _schedule;
    private readonly FaasUnderBench _process;
    private readonly FaasUnderBench _shared;
    private readonly FaasUnderBench _fresh;
    private readonly string _launch;
    private readonly LaunchOverhead _launches;
    private readonly SeededFolder? _warm;
    private readonly Conditions _conditions = Conditions.AtBegin(AppContext.BaseDirectory);
    private readonly bool _isFull;

    /// <summary>Starts everything. Throws <see cref="BenchException"/> or what the server's own parts throw.</summary>
    public BenchRun(BenchArguments asked, CancellationToken stop)
    {
        try
        {
            _asked = asked;
            _isFull = asked.Scope == BenchScope.Full;
            _schedule = _isFull ? Schedule.Full : Schedule.Quick;
            var options = FaasConfiguration.Load(Path.GetTempPath(), AppContext.BaseDirectory, new Dictionary<string, string>());
            var sandbox = options.Sandbox with { FirstUid = 4_000_000 + (Environment.ProcessId % 10_000 * 1000) };
            var own = Keep(new UsageGroup("self", hasBench: true));
            var launchers = Keep(new SandboxLaunchers(sandbox));
            var files = launchers.Site.Files;
            var maker = Keep(new CodeMaker(files.Esbuild));
            var scripts = Keep(new SeededFolder(ManyWay.Codes(maker), stop));
            _warm = _isFull ? Keep(new SeededFolder(WarmSandboxes.Codes(maker), stop)) : null;
            _process = BeginServer(WayNames.Process);
            _shared = BeginServer(WayNames.Shared);
            var concurrent = BeginServer("shared-concurrent");
            _fresh = BeginServer(WayNames.Fresh);
            var onDemand = BeginServer("on-demand", PoolSettings.NoSpares);
            var many = BeginServer(WayNames.Many, "", scripts.Data);
            var exec = BeginServer("exec", ByExec);
            foreach (var server in (FaasUnderBench[])[_process, _shared, concurrent, _fresh, onDemand, many, exec])
            {
                server.WaitUntilItServes();
            }

            _launch = _process.Launch;
            var forks = IsFork ? launchers.Fork : null;
            _launches = new LaunchOverhead(Keep(new EchoLaunch(sandbox)), forks);
            _ways.Add(new FloorWay(WayNames.Floor, forks ?? launchers.Exec, maker, _schedule.FloorZygotes, own));
            if (forks is not null && _isFull)
            {
                _ways.Add(new FloorWay(WayNames.ExecFloor, launchers.Exec, maker, _schedule.FloorZygotes, own));
            }

            var bench = BenchFolder();
            _ways.Add(Keep(new ColdWay(files, sandbox.Bubblewrap, Path.Combine(bench, "node_modules"), own)));
            _ways.Add(new StoredWay(WayNames.Process, _process));
            _ways.Add(new StoredWay(WayNames.Shared, _shared));
            _ways.Add(new ConcurrentWay(concurrent));
            _ways.Add(new FreshWay(WayNames.Fresh, _fresh, hasSpares: true));
            _ways.Add(new FreshWay(WayNames.FreshOnDemand, onDemand, hasSpares: false));
            _ways.Add(new ManyWay(many, _schedule.ManyWarming));
            _uploads.Add(new UploadWay(WayNames.Upload, _fresh));
            _uploads.Add(new UploadWay(WayNames.ExecUpload, exec));
            var usage = Keep(new UsageGroup("functions"));
            var framework = Keep(OtherServers.StartFunctionsFramework(files.Node, bench, usage));
            _ways.Add(OtherServers.FunctionsFramework(framework, usage));
            if (_isFull)
            {
                _ways.Add(OtherServers.Health(_process)); // no ratio rests on it
            }
            else
            {
                _leftOut.Add(
                    "A short run, nearly cold: V8 has not yet optimized what shared processes and streams run, and of the many scripts "
                    + "most are called for the first time. `make bench` judges.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private bool IsFork => _launch == LaunchMode.Fork.ToWire();

    public BenchReport Measure(CancellationToken stop)
    {
        Progress.Measuring("the start of one sandbox");
        _ways.ForEach(way => way.Rest(stop));
        var launches = _launches.Measure(_schedule.LaunchPairs, stop);
        stop.WaitHandle.WaitOne(_schedule.Settling);
        var idle = _process.Usage.Processes.Select(pid => (Memory.NameOf(pid), Memory.Of(pid))).ToList();
        var limits = _isFull ? MachineLimits.Measure(stop) : null;
        WarmServers(stop);
        var cells = _schedule.Groups.SelectMany(group => Measure(group, _ways, stop))
            .Concat(_schedule.Uploads.SelectMany(group => Measure(group, _uploads, stop))).ToList();
        var floods = _schedule.Floods.SelectMany(group => Measure(group, _ways, stop)).ToList();
        var starts = _isFull ? new[] { _process, _shared, _fresh }.Select(server => server.Times).ToList() : [];
        var warm = MeasureWarm(stop);
        return new BenchReport(_conditions.AtEnd(), _launch, _leftOut, cells, floods, launches, warm, limits, starts, idle);
    }

    public void Dispose()
    {
        while (_open.TryPop(out var part))
        {
            part.Dispose();
        }
    }

    private static IReadOnlyList<Cell> Measure(GroupOf group, List<Way> ways, CancellationToken stop)
    {
        Progress.Measuring($"{group.Workload.Name}, {group.Callers} at once");
        return new Contest(group.Plan, stop).Run(group.Workload, group.Callers, ways);
    }

    // An interpreter for each of a thousand sandboxes would fill the memory.
    private WarmTimes? MeasureWarm(CancellationToken stop)
    {
        if (_warm is null || !IsFork)
        {
            return null;
        }

        Progress.Measuring($"{WarmSandboxes.Scripts} warm sandboxes");
        using var server = new FaasUnderBench(_asked.Server, "warm", _warm.Data, PoolSettings.Warm(WarmSandboxes.Scripts));
        server.WaitUntilItServes();
        return new WarmSandboxes(server, stop).Measure();
    }

    // One after the other where their starts are a table; else at once.
    private FaasUnderBench BeginServer(string name, string different = "", string? data = null)
    {
        var begun = Keep(new FaasUnderBench(_asked.Server, name, data, different));
        if (_isFull)
        {
            begun.WaitUntilItServes();
        }

        return begun;
    }

    // Their own code is compiled, and compiled better, as it is used.
    private void WarmServers(CancellationToken stop)
    {
        Progress.Measuring("nothing yet: the servers warm up");
        var ways = _ways.Where(way => way is StoredWay or ConcurrentWay or FreshWay).ToList();
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
