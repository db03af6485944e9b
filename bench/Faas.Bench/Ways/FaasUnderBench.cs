using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Bench.Http;
using Faas.Bench.Processes;
using Faas.Testing;

namespace Faas.Bench.Ways;

/// <summary>A Release build of the server as shipped, in a usage group of its own.</summary>
internal sealed class FaasUnderBench : IDisposable
{
    // Of one processor: a server that does nothing for a caller uses less.
    private const double IdleShare = 0.25;

    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(20);
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly FaasServerProcess _server;
    private Uri? _address;
    private StartTimes? _times;
    private bool _isStopped;

    /// <summary>Starts it and does not wait.</summary>
    /// <param name="dll">faas-server.dll.</param>
    /// <param name="name">A name for its group.</param>
    /// <param name="data">A data folder that is there before and after; null: an empty one.</param>
    /// <param name="different">HOCON of what is not as shipped.</param>
    public FaasUnderBench(string dll, string name, string? data = null, string different = "")
    {
        Usage = new UsageGroup(name);
        (string, string)[] environment = data is null ? [] : [("FAAS_DATA_DIR", data)];
        _server = FaasServerProcess.Start(Usage.Entering("dotnet", Path.GetFullPath(dll)), different, null, environment);
        Usage.Server = Pid;
    }

    /// <summary>How long it took to come up, known once it has.</summary>
    public StartTimes Times => _times ?? throw new InvalidOperationException("Nothing has waited for it.");
    public Uri Address => _address ?? throw new InvalidOperationException("Nothing has waited for it.");

    /// <summary>Counts what it, its store and its sandboxes use.</summary>
    public UsageGroup Usage { get; }
    public int Pid => _server.Process.Pid;

    /// <summary>How it starts its sandboxes, as <c>/readyz</c> tells: <c>fork</c> or <c>exec</c>.</summary>
    public string Launch => Told(ready => ready.GetProperty("launch").GetString()!);

    /// <summary>Returns once a script has run; throws <see cref="BenchException"/> or <see cref="ServerStartException"/>.</summary>
    public void WaitUntilItServes()
    {
        if (_times is not null)
        {
            return;
        }

        _address = _server.Process.ListensAsync().GetAwaiter().GetResult();
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

    /// <summary>Uploads a script. Throws <see cref="BenchException"/> when it is refused.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="language">What it is written in.</param>
    /// <param name="code">Its code.</param>
    /// <param name="isolation">Its isolation level; null: the server's default.</param>
    /// <param name="concurrency">How many calls one shared process serves at once; null: one.</param>
    public void Upload(string path, Language language, string code, string? isolation = null, int? concurrency = null)
    {
        var (status, body) = Ask(UploadRequest(path, language, code, isolation, concurrency));
        if (status != 200)
        {
            throw new BenchException($"The upload of {path} was answered {status}: {body}");
        }
    }

    /// <summary>The request that uploads a script.</summary>
    public static byte[] UploadRequest(
        string path, Language language, string code, string? isolation = null, int? concurrency = null)
    {
        var body = new JsonObject { ["path"] = path, ["language"] = language.ToWire(), ["code"] = code };
        if (isolation is not null)
        {
            body["isolation"] = isolation;
        }

        if (concurrency is not null)
        {
            body["concurrency"] = concurrency;
        }

        return HttpConnection.Post("/upload", body.ToJsonString());
    }

    /// <summary>One of the counts of sandboxes and calls that <c>/readyz</c> tells, <c>busy</c>, or the sum of several.</summary>
    public int PoolCount(params string[] names) =>
        Told(ready => names.Sum(name => ready.GetProperty("pool").GetProperty(name).GetInt32()));

    /// <summary>Waits, but not for ever, until no call runs, no spare starts, and none that is ready goes on to warm up.</summary>
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
        while (!(isIdle && PoolCount("starting", "busy") == 0) && Stopwatch.GetElapsedTime(begun) < s_longestRest);
    }

    /// <summary>Ends it as systemd does; returns how long it took until the process was gone.</summary>
    public TimeSpan Stop()
    {
        var begun = Stopwatch.GetTimestamp();
        if (!_isStopped)
        {
            _isStopped = true;
            _server.Process.Stop();
        }

        return Stopwatch.GetElapsedTime(begun);
    }

    public void Dispose()
    {
        Stop();
        Usage.Dispose();
        Directory.Delete(_server.Folder, true);
    }

    private T Told<T>(Func<JsonElement, T> read)
    {
        using var answer = JsonDocument.Parse(Ask(HttpConnection.Get("/readyz")).Body);
        return read(answer.RootElement);
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

/// <summary>From the start of the process until it listened, until <c>/readyz</c> said 200, until <c>/run-now</c> had answered.</summary>
internal sealed record StartTimes(TimeSpan Listening, TimeSpan Ready, TimeSpan FirstCall);
