using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>The real server as a process of its own, on a free port, with its own data folder and host user ids.</summary>
public sealed class FaasServer : IAsyncDisposable
{
    private const string Banner = "Faas listens on ";
    private static readonly string[] s_server = ["dotnet", Path.Combine(AppContext.BaseDirectory, "faas.dll")];
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private static int s_nextUid = 5_000_000 + (Environment.ProcessId % 10_000 * 1000);
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FaasServer(Process process, string folder, int firstUid)
    {
        _process = process;
        Pid = process.Id;
        Folder = folder;
        FirstUid = firstUid;
    }

    /// <summary>Its address, known once it is ready.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>A client without a timeout of its own.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>Its working directory.</summary>
    public string Folder { get; }

    /// <summary>The first of its sandboxes' host user ids.</summary>
    public int FirstUid { get; }

    /// <summary>Its process id.</summary>
    public int Pid { get; }

    /// <summary>What it wrote to stdout and stderr.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="settings">HOCON that overrides the shipped file.</param>
    /// <param name="folder">The folder of an earlier server, to go on with its data.</param>
    /// <param name="environment">Further environment variables.</param>
    public static Task<FaasServer> StartAsync(string settings = "", string? folder = null, params (string Name, string Value)[] environment) =>
        UntilItListensAsync(Launch(settings, folder, environment, s_server));

    /// <summary>Starts a server and does not wait.</summary>
    public static FaasServer Begin() => Launch("", null, [], s_server);

    /// <summary>Starts a server that may have so many descriptors, and waits until it listens.</summary>
    public static Task<FaasServer> StartWithDescriptorsAsync(int most, string settings = "") =>
        UntilItListensAsync(Launch(settings, null, [], WithDescriptors(most)));

    /// <summary>Starts a server that is expected to refuse; returns its exit code and what it said.</summary>
    public static Task<(int ExitCode, string Log)> StartAndFailAsync(string settings = "", params (string Name, string Value)[] environment) =>
        FailAsync(settings, environment, s_server);

    /// <summary>The same with so many descriptors.</summary>
    public static Task<(int ExitCode, string Log)> StartWithDescriptorsAndFailAsync(int most, string settings = "") =>
        FailAsync(settings, [], WithDescriptors(most));

    /// <summary>`faas doctor` in a folder; returns its exit code and what it said.</summary>
    public static Task<(int ExitCode, string Log)> ExamineAsync(string settings, string folder) => RunToItsEndAsync(settings, folder, [], [.. s_server, "doctor"]);

    /// <summary>Waits until a script runs.</summary>
    public Task RunsAsync() => Wire.EventuallyAsync(() => Processes().Any(process => process.IsOfInvocation), TimeSpan.FromSeconds(30), () => "no script has started");

    /// <summary>Ends the client's connections; its next requests make new ones.</summary>
    public void HangUp()
    {
        Client.Dispose();
        Client = ClientOf(Address);
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> StopAsync()
    {
        Terminate();
        return EndedAsync();
    }

    /// <summary>The exit code, once it has ended.</summary>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience.Of(s_minute));
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, and the proof that it ended well; its folder goes, and nothing else is left.</summary>
    public async Task EndAsync()
    {
        Assert.Equal(0, await StopAsync());
        Assert.Empty(Processes());
        Directory.Delete(Folder, true);
    }

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public void Terminate() => Signals.Send(_process.Id, Signals.Terminate);

    /// <summary>kill -9, and the end of it.</summary>
    public async Task KillAsync()
    {
        Signals.Send(_process.Id, Signals.Kill);
        await _process.WaitForExitAsync();
    }

    /// <summary>Resident memory of the server process in bytes.</summary>
    public long ResidentBytes()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Processes of its sandboxes, by the host user ids they run under; where that is ours, by their cgroups.</summary>
    public IReadOnlyList<SandboxedProcess> Processes() => Environment.IsPrivilegedProcess ? SandboxedProcess.All(FirstUid, FirstUid + 1000) : SandboxedProcess.OfServer(Pid);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Client.Dispose();
        _process.Dispose();
    }

    private static async Task<FaasServer> UntilItListensAsync(FaasServer server)
    {
        var ended = server._process.WaitForExitAsync();
        if (await Task.WhenAny(server._listening.Task, ended).WaitAsync(Patience.Of(s_minute)) == ended)
        {
            throw new InvalidOperationException($"The server ended with {server._process.ExitCode}:\n{server.Log}");
        }

        server.Address = await server._listening.Task;
        server.Client = ClientOf(server.Address);
        return server;
    }

    private static HttpClient ClientOf(Uri address) => new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    private static async Task<(int ExitCode, string Log)> FailAsync(string settings, (string Name, string Value)[] environment, string[] command)
    {
        var folder = Directory.CreateTempSubdirectory("faas-test-").FullName;
        var ended = await RunToItsEndAsync(settings, folder, environment, command);
        Directory.Delete(folder, true);
        return ended;
    }

    private static string[] WithDescriptors(int most) => ["prlimit", $"--nofile={most}:{most}", .. s_server];

    private static async Task<(int ExitCode, string Log)> RunToItsEndAsync(string settings, string folder, (string Name, string Value)[] environment, string[] command)
    {
        await using var server = Launch(settings, folder, environment, command);
        await server._process.WaitForExitAsync().WaitAsync(Patience.Of(s_minute));
        return (server._process.ExitCode, server.Log);
    }

    private static FaasServer Launch(string settings, string? folder, (string Name, string Value)[] environment, string[] command)
    {
        folder ??= Directory.CreateTempSubdirectory("faas-test-").FullName;
        var firstUid = Interlocked.Add(ref s_nextUid, 1000);
        var overrides = Path.Combine(folder, "overrides.conf");
        File.WriteAllText(overrides, $"faas.sandbox.first-uid = {firstUid}\n{Patience.Settings}\n{settings}\n");
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HTTP_PORT"] = "0";
        start.Environment["FAAS_CONFIG"] = overrides;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var server = new FaasServer(Process.Start(start)!, folder, firstUid);
        server._process.OutputDataReceived += (_, line) => server.Read(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Read(line.Data);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
        }

        var at = line.IndexOf(Banner, StringComparison.Ordinal);
        if (at >= 0)
        {
            _listening.TrySetResult(new Uri(line[(at + Banner.Length)..].Trim()));
        }
    }
}
