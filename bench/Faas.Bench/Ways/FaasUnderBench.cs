using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Actors.Scripts;
using Faas.Bench.Http;
using Faas.Bench.Processes;

namespace Faas.Bench.Ways;

/// <summary>A Release build of the server as shipped, on a free loopback port, with its own data folder and host user ids.</summary>
internal sealed class FaasUnderBench : IDisposable
{
    private const int UidsEach = 1000;
    private static int s_nextUid = 6_000_000 + (Environment.ProcessId % 10_000 * 10_000);
    private readonly ListeningProcess _process;
    private readonly string _folder;

    private readonly long _begun;
    private StartTimes? _times;

    private FaasUnderBench(ListeningProcess process, string folder, long begun) => (_process, _folder, _begun) = (process, folder, begun);

    /// <summary>How long it took to come up, known once it has.</summary>
    public StartTimes Times => _times ?? throw new InvalidOperationException("Nobody has waited for it.");

    /// <summary>Where it listens.</summary>
    public Uri Address => _process.Address;

    /// <summary>What it, its store and its sandboxes use.</summary>
    public UsageGroup Usage => _process.Group;

    /// <summary>The server's own process.</summary>
    public int Pid => _process.Pid;

    /// <summary>Starts it and waits until a script has run.</summary>
    /// <param name="server">faas.dll.</param>
    /// <param name="name">A name for its group.</param>
    /// <param name="data">A data folder that is there before and after; null: an empty one.</param>
    /// <param name="different">HOCON of what is not as shipped.</param>
    public static FaasUnderBench Start(string server, string name, string? data = null, string different = "") =>
        Begun.Await(Begin(server, name, data, different), begun => begun.WaitUntilItServes());

    /// <summary>Starts it, as <see cref="Start"/> does, and leaves the waiting to its caller.</summary>
    public static FaasUnderBench Begin(string server, string name, string? data = null, string different = "")
    {
        var folder = Directory.CreateTempSubdirectory("faas-bench-").FullName;
        var settings = Path.Combine(folder, "bench.conf");
        File.WriteAllText(settings, string.Create(CultureInfo.InvariantCulture, $"faas.sandbox.first-uid = {Interlocked.Add(ref s_nextUid, UidsEach)}\n{different}\n"));
        try
        {
            var begun = Stopwatch.GetTimestamp();
            var process = ListeningProcess.Begin(
                name,
                ["dotnet", server],
                folder,
                new Dictionary<string, string> { ["HTTP_PORT"] = "0", ["HTTP_HOST"] = "127.0.0.1", ["FAAS_CONFIG"] = settings, ["FAAS_DATA_DIR"] = data ?? "data" });
            return new FaasUnderBench(process, folder, begun);
        }
        catch
        {
            Directory.Delete(folder, true);
            throw;
        }
    }

    /// <summary>Until a script has run. Throws <see cref="BenchException"/> when none does.</summary>
    public void WaitUntilItServes()
    {
        if (_times is not null)
        {
            return;
        }

        _process.WaitUntilItListens();
        var listening = Stopwatch.GetElapsedTime(_begun);
        Expect(HttpConnection.Get("/readyz"));
        var ready = Stopwatch.GetElapsedTime(_begun);
        Expect(HttpConnection.Post("/run-now", """{"language":"javascript","code":"return 1"}"""));
        _times = new StartTimes(listening, ready, Stopwatch.GetElapsedTime(_begun));
    }

    /// <summary>One request on a connection of its own.</summary>
    public (int Status, string Body) Ask(byte[] request)
    {
        using var connection = new HttpConnection(Address);
        var status = connection.Exchange(request);
        return (status, Encoding.UTF8.GetString(connection.Body.End));
    }

    /// <summary>Uploads a script.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="language">What it is written in.</param>
    /// <param name="code">Its code.</param>
    /// <param name="isolation">Its isolation level; null: the server's default.</param>
    public (int Status, string Body) Upload(string path, Language language, string code, string? isolation = null) =>
        Ask(UploadRequest(path, language, code, isolation));

    /// <summary>The same; throws <see cref="BenchException"/> when it is refused.</summary>
    public void MustUpload(string path, Language language, string code, string? isolation = null)
    {
        if (Upload(path, language, code, isolation) is var (status, body) && status != 200)
        {
            throw new BenchException($"The upload of {path} was answered {status}: {body}");
        }
    }

    /// <summary>The request that uploads a script.</summary>
    public static byte[] UploadRequest(string path, Language language, string code, string? isolation = null)
    {
        var body = new JsonObject { ["path"] = path, ["language"] = language.ToWire(), ["code"] = code };
        if (isolation is not null)
        {
            body["isolation"] = isolation;
        }

        return HttpConnection.Post("/upload", body.ToJsonString());
    }

    /// <summary>One of the counts of sandboxes and calls that <c>/readyz</c> tells, <c>busy</c>, or the sum of several.</summary>
    public int PoolCount(params string[] names)
    {
        using var answer = JsonDocument.Parse(Ask(HttpConnection.Get("/readyz")).Body);
        return names.Sum(name => answer.RootElement.GetProperty("pool").GetProperty(name).GetInt32());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_folder, true);
    }

    private void Expect(byte[] request)
    {
        var (status, body) = Ask(request);
        if (status != 200)
        {
            throw new BenchException($"The server was not ready: {status} {body}");
        }
    }
}

/// <summary>From the start of the process: until it listened, until <c>/readyz</c> said 200, until a script sent to <c>/run-now</c> had answered.</summary>
internal sealed record StartTimes(TimeSpan Listening, TimeSpan Ready, TimeSpan FirstCall);
