using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;
using Faas.Http.Configuration;

namespace Faas.Sandbox.Tests.Launch;

/// <summary>
/// The real launcher on this machine, with host user ids of its own. At its end nothing may be left of it: no process, no
/// cgroup, no file. It needs what the server needs, root for one: else <see cref="OpenAsync"/> fails as the server's start does.
/// </summary>
internal sealed class LauncherUnderTest : IAsyncDisposable
{
    private const int UidsEach = 100;

    // Above those of FaasServerProcess, with room for 100 launchers in each test process.
    private static long s_nextUid = 2_010_000_000 + (Environment.ProcessId % 10_000 * 100 * UidsEach);
    private readonly List<SandboxUnderTest> _started = [];

    private LauncherUnderTest(BubblewrapLauncher launcher, SandboxOptions options) => (Launcher, Options) = (launcher, options);

    /// <summary>The shipped settings, with user ids of this test.</summary>
    public static SandboxOptions Defaults => FaasConfiguration.Load(Path.GetTempPath(), AppContext.BaseDirectory, _ => null).Sandbox with
    {
        FirstUid = Interlocked.Add(ref s_nextUid, UidsEach),
    };

    /// <summary>The launcher.</summary>
    public BubblewrapLauncher Launcher { get; }

    /// <summary>Its settings.</summary>
    public SandboxOptions Options { get; }

    /// <summary>All processes of its sandboxes.</summary>
    public IReadOnlyList<HostProcess> Processes => Environment.IsPrivilegedProcess
        ? HostProcess.Of(Options.FirstUid, Options.FirstUid + UidsEach)
        : HostProcess.OfServer(Environment.ProcessId);

    /// <summary>Its sandboxes that have cgroups.</summary>
    public static IReadOnlyList<string> Cgroups => SandboxTraces.Sandboxes(ServerIdentity.Own);

    /// <summary>Opens it.</summary>
    public static async Task<LauncherUnderTest> OpenAsync(Func<SandboxOptions, SandboxOptions>? change = null)
    {
        var options = change is null ? Defaults : change(Defaults);
        return new LauncherUnderTest(await BubblewrapLauncher.OpenAsync(options, CancellationToken.None), options);
    }

    /// <summary>Starts a sandbox and waits until its runtime is up.</summary>
    public async Task<SandboxUnderTest> StartAsync(Runtime runtime = Runtime.Python)
    {
        var sandbox = new SandboxUnderTest(await Launcher.StartAsync(new ImageKey(runtime), CancellationToken.None), runtime);
        lock (_started)
        {
            _started.Add(sandbox);
        }

        await sandbox.ReadyAsync();
        return sandbox;
    }

    /// <summary>What the kernel says about the only sandbox's limits.</summary>
    /// <param name="controller">Of the file.</param>
    /// <param name="v1">Its name in cgroup v1.</param>
    /// <param name="v2">Its name in cgroup v2.</param>
    public string Limit(string controller, string v1, string v2)
    {
        var zygote = Processes.Single(process => process.IsZygote);
        var unified = Launcher.Limits != "cgroup v1";
        var mount = unified ? CgroupMounts.Own().V2! : CgroupMounts.Own().V1[controller];
        return File.ReadAllText(mount + zygote.PathInHierarchy(unified ? "" : controller) + "/" + (unified ? v2 : v1)).Trim();
    }

    /// <summary>What a server of that identity has on the machine: directories, scopes, files.</summary>
    public static IEnumerable<string> Traces(string server) =>
        SandboxTraces.All(server).Concat(Directory.EnumerateDirectories(Path.GetTempPath(), $"faas-run-{server}-*"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var sandbox in _started)
        {
            await sandbox.Process.DisposeAsync();
        }

        Launcher.Dispose();
        Assert.Empty(Processes);
        Assert.Empty(Traces(ServerIdentity.Own));
    }
}

/// <summary>
/// Names the collection of tests that start sandboxes in the test process itself. They look at, or change, what is the whole
/// process's: descriptors, cgroups, environment, umask. So no other test of the process runs beside them.
/// </summary>
[CollectionDefinition(nameof(LauncherUnderTest), DisableParallelization = true)]
public sealed class LauncherTests;
