using System.ComponentModel;
using System.Globalization;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>Makes real sandboxes. One a server; what it lays ready on the machine goes with it.</summary>
public sealed class BubblewrapLauncher : ISandboxLauncher, IDisposable
{
    private readonly SpawnThread _spawner = new();
    private readonly ICgroups _cgroups;
    private readonly LaunchFolder _folder;
    private readonly UidSlots? _uids;
    private readonly LaunchPlan _plan;
    private long _number;

    private BubblewrapLauncher(SandboxOptions options, RuntimeFiles files, BubblewrapVersion version, LaunchFolder folder, ICgroups cgroups)
    {
        Files = files;
        _cgroups = cgroups;
        _folder = folder;
        _uids = System.Environment.IsPrivilegedProcess ? new UidSlots(options.FirstUid) : null;
        _plan = LaunchPlan.Of(options, files, version, folder);
    }

    /// <summary>The programs of the runtimes.</summary>
    public RuntimeFiles Files { get; }

    /// <summary>Where the limits come from, for the start line.</summary>
    public string Limits => _cgroups.Name;

    /// <summary>Looks at the machine and lays everything ready. Throws <see cref="SandboxStartException"/> with what is missing and how to mend it.</summary>
    public static async Task<BubblewrapLauncher> OpenAsync(SandboxOptions options, CancellationToken cancellation)
    {
        var files = RuntimeFiles.Find(options);
        var version = await BubblewrapVersion.AskAsync(options.Bubblewrap, cancellation);
        var folder = new LaunchFolder(files);
        try
        {
            return new BubblewrapLauncher(options, files, version, folder, CgroupChoice.Open(options));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<ISandboxProcess> StartAsync(ImageKey image, CancellationToken cancellation)
    {
        var uid = _uids?.Take();
        ISandboxCgroup? cgroup = null;
        try
        {
            var name = Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
            cgroup = await Task.Run(() => _cgroups.Create(name), CancellationToken.None); // a dozen files to write: not on the pool's thread
            var plan = _plan with
            {
                Runtime = image.Runtime,
                Zygote = image.Runtime == Runtime.Python ? _folder.PythonZygote : _folder.NodeZygote,
                Uid = uid,
                ProcsFiles = cgroup.ProcsFiles,
                Prefix = cgroup.Prefix.Command,
            };
            return await _spawner.RunAsync(() => Spawn(plan, cgroup, uid), cancellation);
        }
        catch (Exception failure)
        {
            if (cgroup is not null)
            {
                await cgroup.RemoveAsync();
            }

            Release(uid);
            if (failure is IOException or UnauthorizedAccessException or Win32Exception)
            {
                throw new SandboxStartException($"No sandbox can be started: {failure.Message}", failure);
            }

            throw;
        }
    }

    /// <summary>Removes what it laid ready. Only when no sandbox is left.</summary>
    public void Dispose()
    {
        _spawner.Dispose();
        _folder.Dispose();
        _cgroups.Dispose();
    }

    private BubblewrapProcess Spawn(LaunchPlan plan, ISandboxCgroup cgroup, long? uid)
    {
        var process = BubblewrapSpawn.Start(BubblewrapCommand.Build(plan), BubblewrapCommand.Limits(plan), cgroup.Prefix.Environment);
        return new BubblewrapProcess(process, cgroup, () => Release(uid));
    }

    private void Release(long? uid)
    {
        if (uid is { } slot)
        {
            _uids!.Release(slot);
        }
    }
}
