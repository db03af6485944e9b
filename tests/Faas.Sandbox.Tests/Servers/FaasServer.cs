namespace Faas.Sandbox.Tests.Servers;

/// <summary>The real server as a process of its own, and a client of it.</summary>
public sealed class FaasServer : IAsyncDisposable
{
    // Where the tests run under nohup(1), a server would inherit its ignored SIGHUP.
    private static readonly string[] s_server = ["env", "--default-signal=HUP", "dotnet", ServerProgram.File];
    private readonly FaasServerProcess _server;

    private FaasServer(FaasServerProcess server) => _server = server;

    /// <summary>A moment before its process was there.</summary>
    public DateTime StartedAt => _server.StartedAt;

    /// <summary>Its address, known once it is ready.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>A client without a timeout of its own.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>Its working directory.</summary>
    public string Folder => _server.Folder;

    /// <summary>The first of its sandboxes' host user ids.</summary>
    public int FirstUid => _server.FirstUid;

    /// <summary>Its process id.</summary>
    public int Pid => _server.Process.Pid;

    /// <summary>What it wrote to stdout and stderr.</summary>
    public string Log => _server.Process.Log;

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="settings">HOCON that overrides the shipped file.</param>
    /// <param name="folder">The folder of an earlier server, to go on with its data.</param>
    /// <param name="environment">Further environment variables.</param>
    public static Task<FaasServer> StartAsync(
        string settings = "", string? folder = null, params (string Name, string Value)[] environment) =>
        UntilItListensAsync(FaasServerProcess.Start(s_server, settings, folder, environment));

    /// <summary>Starts a server by another command, and waits until it listens.</summary>
    /// <param name="within">The command, which executes what follows it.</param>
    /// <param name="settings">HOCON that overrides the shipped file.</param>
    /// <param name="environment">Further environment variables.</param>
    public static Task<FaasServer> StartWithinAsync(
        IEnumerable<string> within, string settings, params IEnumerable<(string Name, string Value)> environment) =>
        UntilItListensAsync(FaasServerProcess.Start([.. within, .. s_server], settings, null, environment));

    /// <summary>Starts a server that lies elsewhere, and waits until it listens.</summary>
    /// <param name="program">Its faas-server.dll.</param>
    public static Task<FaasServer> StartProgramAsync(string program) =>
        UntilItListensAsync(FaasServerProcess.Start(["dotnet", program]));

    /// <summary>Starts a server and does not wait.</summary>
    public static FaasServer Begin() => new(FaasServerProcess.Start(s_server));

    /// <summary>Starts a server that may have so many descriptors, and waits until it listens.</summary>
    public static Task<FaasServer> StartWithDescriptorsAsync(int most, string settings = "") =>
        UntilItListensAsync(FaasServerProcess.Start(WithDescriptors(most), settings));

    /// <summary>Starts a server that asks a DNS server of the test's, and waits until it listens. Needs root.</summary>
    public static async Task<FaasServer> StartWithResolverAsync(System.Net.IPAddress dns, string settings)
    {
        var folder = TestFolder.Create("faas-test-");
        var file = Path.Combine(folder, "resolv.conf");
        await File.WriteAllTextAsync(file, $"nameserver {dns}\noptions timeout:5 attempts:2\n");
        const string mount = "mount --bind \"$1\" /etc/resolv.conf && shift && exec \"$@\"";
        string[] command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", mount, "sh", file, .. s_server];
        return await UntilItListensAsync(FaasServerProcess.Start(command, settings, folder));
    }

    /// <summary>Starts a server that is expected to refuse; returns its exit code and what it said.</summary>
    public static Task<(int ExitCode, string Log)> StartAndFailAsync(
        string settings = "", params (string Name, string Value)[] environment) =>
        FailAsync(settings, environment, s_server);

    /// <summary>The same with so many descriptors.</summary>
    public static Task<(int ExitCode, string Log)> StartWithDescriptorsAndFailAsync(int most, string settings = "") =>
        FailAsync(settings, [], WithDescriptors(most));

    /// <summary>`faas-server doctor` in a folder; returns its exit code and what it said.</summary>
    public static Task<(int ExitCode, string Log)> ExamineAsync(string settings, string folder) =>
        RunToItsEndAsync(settings, folder, [], [.. s_server, "doctor"]);

    /// <summary>Waits until a script runs.</summary>
    public Task RunsAsync() =>
        Eventually.HoldsAsync(
            () => Processes().Any(process => process.IsOfInvocation), TimeSpan.FromSeconds(30), () => "no script has started");

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
    public Task<int> EndedAsync() => _server.Process.EndedAsync();

    /// <summary>SIGTERM, and the proof that it ended well; its folder goes, and nothing else is left.</summary>
    public async Task EndAsync()
    {
        Assert.Equal(0, await StopAsync());
        Assert.Empty(Processes());
        Assert.Empty(Environment.IsPrivilegedProcess ? HostProcess.Of(FirstUid, FirstUid + 1) : []);
        Directory.Delete(Folder, true);
    }

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public void Terminate() => _server.Process.Terminate();

    /// <summary>SIGKILL, and its end.</summary>
    public Task KillAsync() => _server.Process.KillAsync();

    /// <summary>Resident memory of the server process in bytes.</summary>
    public long ResidentBytes() => HostProcess.ResidentBytesOf(Pid);

    /// <summary>Processes of its sandboxes, by the host user ids they run under; where that is ours, by their cgroups.</summary>
    public IReadOnlyList<SandboxedProcess> Processes() =>
        Environment.IsPrivilegedProcess
            ? SandboxedProcess.All(FirstUid + 1, FirstUid + FaasServerProcess.UidsEach)
            : SandboxedProcess.OfServer(Pid);

    /// <summary>The pids of its mothers, where it is root.</summary>
    public IReadOnlyList<int> Mothers() =>
        [.. HostProcess.Of(FirstUid, FirstUid + 1).Where(process => process.IsZygote).Select(process => process.Pid)];

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _server.Process.Dispose();
        Client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<FaasServer> UntilItListensAsync(FaasServerProcess process)
    {
        try
        {
            var address = await process.Process.ListensAsync();
            return new FaasServer(process) { Address = address, Client = ClientOf(address) };
        }
        catch (ServerStartException)
        {
            process.Process.Dispose();
            throw;
        }
    }

    private static HttpClient ClientOf(Uri address) => new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    private static async Task<(int ExitCode, string Log)> FailAsync(
        string settings, (string Name, string Value)[] environment, string[] command)
    {
        var folder = TestFolder.Create("faas-test-");
        var ended = await RunToItsEndAsync(settings, folder, environment, command);
        Directory.Delete(folder, true);
        return ended;
    }

    private static string[] WithDescriptors(int most) => ["prlimit", $"--nofile={most}:{most}", .. s_server];

    private static async Task<(int ExitCode, string Log)> RunToItsEndAsync(
        string settings, string folder, (string Name, string Value)[] environment, string[] command)
    {
        using var process = FaasServerProcess.Start(command, settings, folder, environment).Process;
        var exitCode = await process.EndedAsync();
        return (exitCode, process.Log);
    }
}
