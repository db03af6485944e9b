using Akka.Actor;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Mothers;
using Faas.Actors.Scripts;
using Faas.Http.Configuration;
using Faas.Http.Server;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary>
/// The real launcher on this machine, with host user ids of its own. When it is disposed of, it checks that no process, no cgroup
/// and no file is left. It needs what the server needs, such as root; otherwise <see cref="OpenAsync"/> fails as the server's
/// start does.
/// </summary>
internal sealed class LauncherUnderTest : IAsyncDisposable
{
    private const int UidsEach = 100;

    // Above those of FaasServerProcess and below 2^31, with room for 250 launchers in each test process.
    private static long s_nextUid = 2_010_000_000 + (Environment.ProcessId % 5_000 * 250 * UidsEach);
    private readonly List<SandboxUnderTest> _started = [];
    private readonly LaunchSite _site;
    private readonly ActorSystem _system = ActorSystem.Create("launcher", FaasParts.QuietAkka);

    private LauncherUnderTest(LaunchSite site)
    {
        _site = site;
        Mothers = _system.ActorOf(MothersActor.Props(new MotherLauncher(site), site.Options));
        Launcher = site.Options.Launch == LaunchMode.Exec ? new ExecLauncher(site) : new ForkLauncher(site, Mothers);
    }

    /// <summary>The shipped settings, with user ids that no other test has.</summary>
    public static SandboxOptions Defaults =>
        FaasConfiguration.Load(Path.GetTempPath(), AppContext.BaseDirectory, new Dictionary<string, string>()).Sandbox with
        {
            FirstUid = Interlocked.Add(ref s_nextUid, UidsEach),
        };

    public ISandboxLauncher Launcher { get; }

    /// <summary>The actor of all mothers. It has none unless sandboxes are launched by fork.</summary>
    public IActorRef Mothers { get; }

    /// <summary>The name of the driver that sets the limits.</summary>
    public string Limits => _site.Limits;

    public SandboxOptions Options => _site.Options;

    /// <summary>The user of its first sandbox. The mothers have the one before.</summary>
    public long FirstUid => Options.FirstUid + 1;

    /// <summary>All processes of its sandboxes, without the mothers.</summary>
    public IReadOnlyList<HostProcess> Processes => Environment.IsPrivilegedProcess
        ? HostProcess.Of(FirstUid, Options.FirstUid + UidsEach)
        : HostProcess.OfServer(Environment.ProcessId);

    /// <summary>All processes of its mothers, where the server is root.</summary>
    public IReadOnlyList<HostProcess> OfMothers => HostProcess.Of(Options.FirstUid, FirstUid);

    /// <summary>Opens a launcher with the shipped settings, or with changed ones.</summary>
    public static async Task<LauncherUnderTest> OpenAsync(LaunchMode launch, Func<SandboxOptions, SandboxOptions>? change = null)
    {
        var shipped = Defaults with { Launch = launch };
        var options = change is null ? shipped : change(shipped);
        return new LauncherUnderTest(await LaunchSite.OpenAsync(options, CancellationToken.None));
    }

    /// <summary>Starts a sandbox and waits until its runtime is ready.</summary>
    public async Task<SandboxUnderTest> StartAsync(Runtime runtime = Runtime.Python, long? tmpBytes = null)
    {
        var process = await Launcher.StartAsync(new ImageKey(runtime, TmpBytes: tmpBytes), CancellationToken.None);
        var sandbox = new SandboxUnderTest(process, runtime);
        lock (_started)
        {
            _started.Add(sandbox);
        }

        await sandbox.ReadyAsync();
        return sandbox;
    }

    /// <summary>Reads a file of the cgroup of the launcher's only sandbox.</summary>
    /// <param name="controller">The controller that the file belongs to.</param>
    /// <param name="v1">The file's name in cgroup v1.</param>
    /// <param name="v2">The file's name in cgroup v2.</param>
    public string Limit(string controller, string v1, string v2) => File.ReadAllText(
        FileOf(Processes.Single(process => process.IsZygote), controller, _site.Limits == "cgroup v1" ? v1 : v2)).Trim();

    /// <summary>The path of a file of a process's cgroup.</summary>
    public string FileOf(HostProcess process, string controller, string name)
    {
        var unified = _site.Limits != "cgroup v1";
        var mount = unified ? CgroupMounts.Own().V2! : CgroupMounts.Own().V1[controller];
        return mount + process.PathInHierarchy(unified ? "" : controller) + "/" + name;
    }

    /// <summary>The names of its sandboxes that have cgroups.</summary>
    public static Task<IReadOnlyList<string>> CgroupsAsync() => SandboxTraces.SandboxesAsync(ServerIdentity.Own);

    /// <summary>The directories, scopes and files that the server of an identity has on the machine.</summary>
    public static async Task<IReadOnlyList<string>> TracesAsync(string server) =>
        [.. await SandboxTraces.AllAsync(server), .. Directory.EnumerateDirectories(Path.GetTempPath(), $"faas-run-{server}-*")];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var sandbox in _started)
        {
            await sandbox.Process.DisposeAsync();
        }

        await _system.Terminate();
        _system.Dispose();
        await _site.DisposeAsync();
        Assert.Empty(Processes);
        Assert.Empty(Environment.IsPrivilegedProcess ? OfMothers : []);
        Assert.Empty(await TracesAsync(ServerIdentity.Own));
    }
}

/// <summary>
/// Names the collection of tests that start sandboxes in the test process itself. They look at, or change, what is the whole
/// process's: descriptors, cgroups, environment, umask. So no other test of the process runs beside them.
/// </summary>
[CollectionDefinition(nameof(LauncherUnderTest), DisableParallelization = true)]
public sealed class LauncherTests;
