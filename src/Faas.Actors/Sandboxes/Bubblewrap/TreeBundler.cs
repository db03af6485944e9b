using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// Bundles trees, each in a sandbox of its own.
/// <para>
/// Theory of operation. The sandbox has the walls of every sandbox: no network, no file of the host but the runtime and what lies under
/// /usr. Beside them it sees esbuild. Its process 1 is runtimes/node/bundle.mjs, which gets the files over its stdin, lays them out in
/// /tmp, and has esbuild bundle them. It refuses whatever esbuild finds outside of their folder. So the worst that a tree can do is to end
/// its own sandbox. A tree that has libraries gets a registry on the loopback of its sandbox (<see cref="SandboxRegistry"/>), and pnpm,
/// which installs them there.
/// </para>
/// </summary>
/// <param name="site">What is prepared on the machine.</param>
/// <param name="timeout">How long each pass of a tree without libraries may take, <c>faas.scripts.compile-timeout</c>.</param>
/// <param name="registry">The registry of trees with libraries.</param>
public sealed class TreeBundler(LaunchSite site, TimeSpan timeout, SandboxRegistry registry) : ITreeBundler, IDisposable
{
    private const string File = "bundle";
    private const string EsbuildInside = "/faas-esbuild";
    private const long TmpBytes = 64L << 20;
    private const long MemoryBytes = 512L << 20;

    private readonly ExecLauncher _launcher = new(site);

    // One esbuild uses every processor; two at a time leave enough for the runs.
    private readonly SemaphoreSlim _running = new(2);

    // An installation waits for registries much longer than it computes, and must not hold up scripts without libraries.
    private readonly SemaphoreSlim _installing = new(2);

    /// <inheritdoc/>
    public async Task<IBundling> BeginAsync(SourceTree tree, LibraryOrder? libraries, CancellationToken cancellation)
    {
        var (places, limit) = libraries is null ? (_running, timeout) : (_installing, registry.Options.BuildTimeout);
        if (!await places.WaitAsync(limit, cancellation))
        {
            throw new CompilerException($"Other scripts are bundled, and none of them has ended within {limit.TotalSeconds} s.");
        }

        ExecSandbox? sandbox = null;
        try
        {
            sandbox = await StartAsync(libraries is not null, cancellation);
            var bundling = new Bundling(sandbox, tree, libraries, limit, () => places.Release());
            await bundling.BeginAsync(registry, cancellation);
            return bundling;
        }
        catch (Exception failed)
        {
            places.Release();
            if (sandbox is not null)
            {
                await sandbox.DisposeAsync();
            }

            if (failed is SandboxStartException or IOException or UnauthorizedAccessException)
            {
                throw new CompilerException(failed.Message, failed);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _running.Dispose();
        _installing.Dispose();
    }

    private Task<ExecSandbox> StartAsync(bool hasLibraries, CancellationToken cancellation)
    {
        var esbuild = site.Folder.Esbuild
            ?? throw new CompilerException(
                $"Files cannot be bundled: {site.Files.EsbuildLibrary} is missing; run `npm ci` in the runtimes folder.");
        (string Source, string Inside)[] further =
            [(esbuild.Library, $"{EsbuildInside}/lib"), (esbuild.Binary, $"{EsbuildInside}/esbuild")];
        if (hasLibraries && !LaunchSite.MayListenInSandboxes)
        {
            throw new CompilerException("Libraries cannot be installed: the server has to run as root, to open a registry in a sandbox.");
        }

        if (hasLibraries)
        {
            further = [.. further, (site.RequirePnpm(), LaunchSite.PnpmInside)];
        }

        var memory = hasLibraries ? registry.Options.BuildMemoryBytes : MemoryBytes;
        return _launcher.StartAsync(
            new ImageKey(Runtime.Node, TmpBytes: hasLibraries ? memory / 2 : TmpBytes),
            File,
            new SandboxLimits(memory, Cpus: 2, Pids: 128),
            further,
            cancellation);
    }
}
