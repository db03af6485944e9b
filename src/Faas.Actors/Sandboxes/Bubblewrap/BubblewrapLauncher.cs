using System.ComponentModel;
using System.Globalization;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// Starts real sandboxes, with bubblewrap. A server has one launcher. The launcher prepares files and cgroups on the machine and
/// removes them when it is disposed of.
/// </summary>
public sealed class BubblewrapLauncher : ISandboxLauncher, IAsyncDisposable
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

    /// <summary>The name of the driver that sets the limits, for the start line.</summary>
    public string Limits => _cgroups.Name;

    /// <summary>
    /// Prepares the machine. Throws <see cref="SandboxStartException"/>, which names what is missing and how to mend it.
    /// </summary>
    public static async Task<BubblewrapLauncher> OpenAsync(SandboxOptions options, CancellationToken cancellation)
    {
        var files = RuntimeFiles.Find(options);
        var version = await BubblewrapVersion.AskAsync(options.Bubblewrap, cancellation);
        var folder = new LaunchFolder(files);
        try
        {
            return new BubblewrapLauncher(options, files, version, folder, await CgroupChoice.OpenAsync(options));
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

            // To make the cgroup takes a dozen writes to files, which must not hold up the thread of the actors.
            cgroup = await Task.Run(() => _cgroups.Create(name), CancellationToken.None);
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

    /// <summary>Removes what the launcher has prepared. No sandbox may be left by then.</summary>
    public async ValueTask DisposeAsync()
    {
        _spawner.Dispose();
        _folder.Dispose();
        await _cgroups.DisposeAsync();
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
