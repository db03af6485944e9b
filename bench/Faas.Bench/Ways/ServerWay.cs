using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Bench.Http;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>
/// Ours, over HTTP, at one isolation level. Each level has a server of its own, so that none evicts another's bound
/// sandboxes between two rounds and each one's costs are its own.
/// </summary>
/// <param name="name">The level.</param>
/// <param name="server">The server; it belongs to the run.</param>
/// <param name="isolation">What <c>/upload</c> is told; null: nothing is stored, <c>/run-now</c> is called.</param>
internal sealed class ServerWay(string name, FaasUnderBench server, string? isolation) : IWay
{
    private const int MostStarters = 8;

    // Of one processor: less is what a server does for nobody.
    private const double IdleShare = 0.25;

    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(20);
    private readonly Dictionary<Language, bool> _shares = [];

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool IsSlow => isolation is null;

    /// <inheritdoc/>
    public bool HasSpares => isolation is null;

    /// <inheritdoc/>
    public IUsage Usage => server.Usage;

    /// <summary>
    /// Whether the server keeps a process of that language for the next call when <c>/upload</c> says so: a script counts
    /// its own calls. One that does not know the level refuses the upload, or ignores the word and runs each call afresh.
    /// </summary>
    public bool Shares(Language language)
    {
        if (!_shares.TryGetValue(language, out var shares))
        {
            var path = $"probe-{language.ToWire()}";
            var upload = server.Ask(HttpConnection.Post("/upload", UploadBody(path, language, ScriptText.Count(language))));
            _shares[language] = shares = upload.Status == 200
                && Enumerable.Range(0, 3).Select(_ => server.Ask(HttpConnection.Post($"/run/{path}", "{}")).Body).Any(body => body.StartsWith("{\"data\":2,", StringComparison.Ordinal));
        }

        return shares;
    }

    /// <summary>
    /// All, but floods only where they are stored, since what goes through a stream does not depend on how its sandbox
    /// came about; sandboxes not by more callers than keep the processors busy with starts; and a shared process only in the languages that have it.
    /// </summary>
    public bool Serves(Workload workload, int callers) => isolation switch
    {
        null => !workload.IsFlood && callers <= MostStarters,
        WayNames.Shared => Shares(workload.Language),
        _ => true,
    };

    /// <inheritdoc/>
    public IReadOnlyList<ICaller> Open(Workload workload, int callers)
    {
        var request = isolation is null ? RunNow(workload) : Stored(workload);
        return [.. Enumerable.Range(0, callers).Select(_ => (ICaller)(workload.Printed is null
            ? new HttpCaller(server.Address, request, new Expectation(workload.Result, answer => answer.GetProperty("data")))
            : new StreamCaller(server.Address, request, workload)))];
    }

    /// <summary>Until no call runs, no spare starts, and none that is ready goes on to warm up.</summary>
    public void Rest(CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        bool isIdle;
        do
        {
            var (cpu, since) = (Usage.Cpu, Stopwatch.GetTimestamp());
            stop.WaitHandle.WaitOne(s_betweenLooks);
            stop.ThrowIfCancellationRequested();
            isIdle = Usage.Cpu - cpu < Stopwatch.GetElapsedTime(since) * IdleShare;
        }
        while (!(isIdle && IsAtRest()) && Stopwatch.GetElapsedTime(begun) < s_longestRest);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // It has nothing of its own.
    }

    private bool IsAtRest()
    {
        using var answer = JsonDocument.Parse(server.Ask(HttpConnection.Get("/readyz")).Body);
        var pool = answer.RootElement.GetProperty("pool");
        return pool.GetProperty("starting").GetInt32() + pool.GetProperty("busy").GetInt32() == 0;
    }

    private static byte[] RunNow(Workload workload) => HttpConnection.Post(
        "/run-now",
        Members(workload, new JsonObject { ["language"] = workload.Language.ToWire(), ["code"] = workload.Source }));

    private byte[] Stored(Workload workload)
    {
        var upload = server.Ask(HttpConnection.Post("/upload", UploadBody(workload.Path, workload.Language, workload.Source)));
        return upload.Status == 200
            ? HttpConnection.Post($"/run/{workload.Path}", Members(workload, []))
            : throw new BenchException($"The upload of {workload.Name} was answered {upload.Status}: {upload.Body}");
    }

    private string UploadBody(string path, Language language, string code) =>
        new JsonObject { ["path"] = path, ["language"] = language.ToWire(), ["code"] = code, ["isolation"] = isolation }.ToJsonString();

    private static string Members(Workload workload, JsonObject body)
    {
        body["input"] = JsonNode.Parse(workload.Input);
        body["stream"] = workload.Printed is not null;
        return body.ToJsonString(new JsonSerializerOptions());
    }
}
