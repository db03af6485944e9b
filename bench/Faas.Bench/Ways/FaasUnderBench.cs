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
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly FaasServerProcess _server;
    private Uri? _address;
    private StartTimes? _times;

    /// <summary>Starts it and does not wait.</summary>
    /// <param name="dll">faas.dll.</param>
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
    public void Upload(string path, Language language, string code, string? isolation = null)
    {
        var (status, body) = Ask(UploadRequest(path, language, code, isolation));
        if (status != 200)
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

    public void Dispose()
    {
        _server.Process.Stop();
        Usage.Dispose();
        Directory.Delete(_server.Folder, true);
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
