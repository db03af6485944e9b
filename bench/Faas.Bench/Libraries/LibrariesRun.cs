using Faas.Actors.Scripts;
using Faas.Bench.Reports;
using Faas.Bench.Settings;
using Faas.Bench.Ways;

namespace Faas.Bench.Libraries;

/// <summary>
/// What libraries cost: at the upload, at the first call of a version, and at a warm call, each beside hello. Each kind of call has a
/// server of its own, one after the other.
/// </summary>
internal sealed class LibrariesRun(BenchArguments asked, CancellationToken stop)
{
    private const int Again = 3;
    private const int WarmTimes = 500;
    private const int SlowTimes = 100;
    private static readonly IReadOnlyList<LibraryCase> s_hellos = [.. LibraryCase.All.Select(script => script.Hello).Distinct()];

    // TypeScript is JavaScript by then.
    private static readonly IReadOnlyList<LibraryCase> s_warm =
        [.. LibraryCase.All.Where(script => script.Language != Language.TypeScript)];

    /// <summary>Measures it. Throws <see cref="BenchException"/> or what the server's own parts throw.</summary>
    public LibrariesReport Measure()
    {
        var conditions = Conditions.AtBegin(AppContext.BaseDirectory);
        var folder = Directory.CreateTempSubdirectory("faas-bench-libraries-").FullName;
        try
        {
            using var registries = new Registries(folder);
            var layers = Path.Combine(folder, "layers");
            using var server = Start("libraries", $"{registries.Settings}faas.libraries.folder = \"{layers}\"\n");
            Progress.Measuring("uploads");
            var uploads = Upload(server, LibraryCase.All);
            Progress.Measuring("how long a layer takes to attach");
            var attach = AttachTimes.Measure(Largest(layers), stop);
            IReadOnlyList<WarmFigures> warm = Warm(server, s_warm, "as shipped", WarmTimes);
            server.Stop();
            warm = [.. warm, .. WarmUntrusted(registries)];
            var (spare, cold) = (First(registries, hasSpares: true), First(registries, hasSpares: false));
            var firsts = LibraryCase.All.Select(script => new FirstFigures(
                script, In(spare, script.Hello), In(spare, script), In(cold, script.Hello), In(cold, script)));
            return new LibrariesReport(conditions.AtEnd(), registries.PythonSource, uploads, attach, [.. firsts], warm);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static TimeSpan? In(IReadOnlyDictionary<string, TimeSpan> times, LibraryCase script) =>
        times.TryGetValue(script.Path, out var time) ? time : null;

    private FaasUnderBench Start(string name, string different)
    {
        var server = new FaasUnderBench(asked.Server, name, different: different);
        try
        {
            server.WaitUntilItServes();
            s_hellos.ToList().ForEach(hello => server.Upload(hello.Path, hello.Language, hello.Code));
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    private List<UploadFigures> Upload(FaasUnderBench server, IReadOnlyList<LibraryCase> scripts)
    {
        using var uploads = new Uploads(server);
        return [.. scripts.Select(script => Upload(server, uploads, script))];
    }

    private UploadFigures Upload(FaasUnderBench server, Uploads uploads, LibraryCase script)
    {
        stop.ThrowIfCancellationRequested();
        var first = Installed(uploads, script, force: false);
        using var calls = new Calls(server, script);
        var call = calls.Once();
        var again = Enumerable.Range(0, Again).Select(_ => Installed(uploads, script, force: true)).ToList();
        var same = Enumerable.Range(0, Again).Select(_ => uploads.Upload(script, force: false).Took).ToList();
        return new UploadFigures(script, first, again, same, call);
    }

    private static UploadTimes Installed(Uploads uploads, LibraryCase script, bool force)
    {
        var (lines, took) = uploads.Upload(script, force);
        return new UploadTimes(UploadLog.Read(lines, took), took);
    }

    private List<WarmFigures> Warm(FaasUnderBench server, IEnumerable<LibraryCase> scripts, string import, int count)
    {
        var calls = new WarmCalls(server, stop);
        var figures = new List<WarmFigures>();
        foreach (var script in scripts)
        {
            Progress.Measuring($"warm calls of {script.Title}, {import}");
            figures.Add(calls.Measure(script, import, count));
        }

        return figures;
    }

    // Process 1 imports no library, so the process of each call does.
    private List<WarmFigures> WarmUntrusted(Registries registries)
    {
        var scripts = LibraryCase.All.Where(script => script.Language == Language.Python).ToList();
        using var server = Start("untrusted", $"{registries.Settings}faas.libraries.python.preload = []\n");
        using var uploads = new Uploads(server);
        scripts.ForEach(script => uploads.Upload(script, force: false));
        return Warm(server, scripts, "preload = []", SlowTimes);
    }

    private IReadOnlyDictionary<string, TimeSpan> First(Registries registries, bool hasSpares)
    {
        Progress.Measuring($"first calls {(hasSpares ? "on spares" : "without spares")}");
        using var server = Start(hasSpares ? "spares" : "cold", registries.Settings + FirstCalls.SettingsFor(hasSpares));
        using var uploads = new Uploads(server);
        LibraryCase.All.ToList().ForEach(script => uploads.Upload(script, force: false));
        return new FirstCalls(server, stop).Measure([.. s_hellos, .. LibraryCase.All], hasSpares ? "spare" : "cold");
    }

    private static string Largest(string layers) => new DirectoryInfo(layers).EnumerateDirectories("files", SearchOption.AllDirectories)
        .Where(files => files.Parent!.Parent!.FullName == layers)
        .MaxBy(files => files.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length))!.FullName;
}
