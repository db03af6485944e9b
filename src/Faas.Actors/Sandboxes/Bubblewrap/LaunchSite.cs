using System.Collections.Concurrent;
using System.Globalization;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Images;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// What a server has prepared on the machine for its sandboxes: files, cgroups, host users. A server has one site, and each of its
/// launchers stands on it. Disposing of the site waits until no mother is left, and removes what was prepared; no sandbox may be left by
/// then.
/// </summary>
public sealed class LaunchSite : IAsyncDisposable
{
    /// <summary>Where pnpm is in a sandbox that installs libraries of npm.</summary>
    internal const string PnpmInside = "/faas-pnpm";

    private readonly ICgroups _cgroups;
    private readonly LaunchPlan _plan;
    private readonly ConcurrentDictionary<Task, bool> _mothers = new();
    private long _number;

    private LaunchSite(SandboxOptions options, RuntimeFiles files, BubblewrapVersion version, LaunchFolder folder, ICgroups cgroups)
    {
        (Options, Files, Folder, _cgroups) = (options, files, folder, cgroups);
        if (System.Environment.IsPrivilegedProcess)
        {
            // Root's own id would be among them.
            ArgumentOutOfRangeException.ThrowIfEqual(options.FirstUid, SandboxOptions.AnyUid);
            Uids = new UidSlots(options.FirstUid + 1);
        }

        // Without cgroups, it is the only limit on processes.
        var plan = LaunchPlan.Of(options, files, version, folder);
        _plan = cgroups is NoCgroups ? plan with { Pids = options.Pids } : plan;
    }

    /// <summary>Whether this process may make sockets in sandboxes: a server that runs as root, with all capabilities.</summary>
    public static bool MayListenInSandboxes => NetworkNamespace.MayEnter;

    /// <summary>
    /// Whether this process may show layers of libraries in sandboxes: a server that runs as root, with all capabilities, on Linux 5.12 or
    /// later.
    /// </summary>
    public static bool MayAttachLayers => MountNamespace.MayEnter;

    /// <summary>The settings.</summary>
    public SandboxOptions Options { get; }

    /// <summary>The programs of the runtimes.</summary>
    public RuntimeFiles Files { get; }

    /// <summary>The name of the driver that sets the limits, for the start line.</summary>
    public string Limits => _cgroups.Name;

    /// <summary>The host user of all mothers; null: the server's own user, which is not root.</summary>
    public long? MothersUid => Uids is null ? null : Options.FirstUid;

    /// <summary>The prepared files.</summary>
    internal LaunchFolder Folder { get; }

    /// <summary>The host users of the sandboxes; null: all have the server's own user, which is not root.</summary>
    internal UidSlots? Uids { get; }

    /// <summary>The thread that starts processes.</summary>
    internal SpawnThread Spawner { get; } = new();

    /// <summary>
    /// The thread that enters the namespaces of sandboxes (<see cref="Linux.NetworkNamespace"/>, <see cref="Linux.MountNamespace"/>).
    /// </summary>
    internal SpawnThread Visitor { get; } = new("sandbox-visit");

    /// <summary>
    /// Prepares the machine. Throws <see cref="SandboxStartException"/>, which names what is missing and how to mend it.
    /// </summary>
    public static async Task<LaunchSite> OpenAsync(SandboxOptions options, CancellationToken cancellation)
    {
        RefuseClosedPackages(options.Images);
        var files = RuntimeFiles.Find(options);
        var version = await BubblewrapVersion.AskAsync(options.Bubblewrap, cancellation);
        var folder = LaunchFolder.Make(files, options.Authority);
        try
        {
            return new LaunchSite(options, files, version, folder, await CgroupChoice.OpenAsync(options));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    // The users of the sandboxes own nothing on the host, and the libraries may be too large for a copy.
    private static void RefuseClosedPackages(LibraryImages images)
    {
        foreach (var image in System.Environment.IsPrivilegedProcess ? images.All : [])
        {
            foreach (var folder in image.Packages.Where(folder => !IsOpenToAll(folder)))
            {
                throw new SandboxStartException(
                    $"{LibraryImages.Section}.{image.Name}.packages = \"{folder}\": the users of the sandboxes cannot read this folder; "
                    + "every user must be able to read it and to enter each folder on the way to it.");
            }
        }
    }

    private static bool IsOpenToAll(string folder)
    {
        var real = Posix.Resolve(folder) ?? folder;
        return Readable.IsOpen(real) && Readable.IsReachable(real);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_mothers.Keys); // their actors have stopped, and have killed them
        Spawner.Dispose();
        Visitor.Dispose();
        Folder.Dispose();
        await _cgroups.DisposeAsync();
    }

    /// <summary>Has the site wait for a mother's end.</summary>
    internal void AwaitMother(Task exited)
    {
        _mothers[exited] = true;
        exited.ContinueWith(_ => _mothers.TryRemove(exited, out var _), TaskScheduler.Default);
    }

    /// <summary>A name that no other sandbox or mother of this server has.</summary>
    internal string NextName() => Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);

    /// <summary>The plan of a launch that has a host user and a cgroup.</summary>
    internal LaunchPlan Plan(ImageKey image, long? uid, ISandboxCgroup cgroup) => WithLibraries(image) with
    {
        Runtime = image.Runtime,
        Zygote = image.Runtime == Runtime.Python ? Folder.PythonZygote : Folder.NodeZygote,
        TmpBytes = TmpBytesOf(image),
        Uid = uid,
        ProcsFiles = cgroup.ProcsFiles,
        Prefix = cgroup.Prefix.Command,
    };

    private LaunchPlan WithLibraries(ImageKey image) => image.Libraries is not { } name ? _plan
        : Options.Images.Find(name) is { } libraries ? _plan with { Packages = libraries.Packages, Preload = libraries.Preload }
        : throw new SandboxStartException($"No sandbox can be started: there is no image \"{name}\" ({LibraryImages.Section}).");

    /// <summary>The pnpm binary, which installs libraries of npm. Throws <see cref="SandboxStartException"/> if it is missing.</summary>
    internal string RequirePnpm() => Folder.Pnpm ?? throw new SandboxStartException(
        $"Libraries cannot be installed: {Files.Pnpm} is missing; run `npm ci` in the runtimes folder.");

    /// <summary>The size of /tmp in a sandbox of this image.</summary>
    internal long TmpBytesOf(ImageKey image) => image.TmpBytes ?? Options.TmpBytes;

    /// <summary>The limit on processes and threads of a sandbox's host user.</summary>
    internal int MostPids => _plan.Pids;

    /// <summary>Makes a cgroup. To make one takes a dozen writes to files, which must not hold up the thread of the actors.</summary>
    /// <param name="name">The name of the sandbox or mother.</param>
    /// <param name="limits">The limits; null: those of every sandbox.</param>
    internal Task<ISandboxCgroup> MakeCgroupAsync(string name, SandboxLimits? limits = null) =>
        Task.Run(() => _cgroups.Create(name, limits), CancellationToken.None);

    /// <summary>Frees a host user. No process may run under it any more.</summary>
    internal void Release(long? uid)
    {
        if (uid is { } slot)
        {
            Uids!.Release(slot);
        }
    }
}
