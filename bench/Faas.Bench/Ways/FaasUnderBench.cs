using System.Diagnostics;
using System.Globalization;
using System.Text;
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
    public IUsage Usage => _process.Group;

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
        Expect(Address, HttpConnection.Get("/readyz"));
        var ready = Stopwatch.GetElapsedTime(_begun);
        Expect(Address, HttpConnection.Post("/run-now", """{"language":"javascript","code":"return 1"}"""));
        _times = new StartTimes(listening, ready, Stopwatch.GetElapsedTime(_begun));
    }

    /// <summary>One request on a connection of its own.</summary>
    public (int Status, string Body) Ask(byte[] request) => Ask(Address, request);

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_folder, true);
    }

    private static (int Status, string Body) Ask(Uri address, byte[] request)
    {
        using var connection = new HttpConnection(address);
        var body = new WholeBody();
        var status = connection.Exchange(request, body);
        return (status, Encoding.UTF8.GetString(body.Bytes));
    }

    private static void Expect(Uri address, byte[] request)
    {
        var (status, body) = Ask(address, request);
        if (status != 200)
        {
            throw new BenchException($"The server was not ready: {status} {body}");
        }
    }
}

/// <summary>From the start of the process: until it listened, until <c>/readyz</c> said 200, until a script sent to <c>/run-now</c> had answered.</summary>
internal sealed record StartTimes(TimeSpan Listening, TimeSpan Ready, TimeSpan FirstCall);
