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
/// its own sandbox.
/// </para>
/// </summary>
/// <param name="site">What is prepared on the machine.</param>
/// <param name="timeout">How long each pass may take, <c>faas.scripts.compile-timeout</c>.</param>
public sealed class TreeBundler(LaunchSite site, TimeSpan timeout) : ITreeBundler, IDisposable
{
    private const string File = "bundle";
    private const string EsbuildInside = "/faas-esbuild";
    private const long TmpBytes = 64L << 20;
    private static readonly SandboxLimits s_limits = new(MemoryBytes: 512L << 20, Cpus: 2, Pids: 128);

    private readonly ExecLauncher _launcher = new(site);

    // One esbuild uses every processor; two at a time leave enough for the runs.
    private readonly SemaphoreSlim _running = new(2);

    /// <inheritdoc/>
    public async Task<IBundling> BeginAsync(SourceTree tree, CancellationToken cancellation)
    {
        if (site.Folder.Esbuild is not { } esbuild)
        {
            throw new CompilerException(
                $"Files cannot be bundled: {site.Files.EsbuildLibrary} is missing; run `npm ci` in the runtimes folder.");
        }

        await _running.WaitAsync(cancellation);
        try
        {
            var sandbox = await _launcher.StartAsync(
                new ImageKey(Runtime.Node, TmpBytes: TmpBytes),
                File,
                s_limits,
                [(esbuild.Library, $"{EsbuildInside}/lib"), (esbuild.Binary, $"{EsbuildInside}/esbuild")],
                cancellation);
            return new Bundling(sandbox, tree, timeout, () => _running.Release());
        }
        catch (SandboxStartException failed)
        {
            _running.Release();
            throw new CompilerException(failed.Message, failed);
        }
        catch
        {
            _running.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();
}
