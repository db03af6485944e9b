using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Faas.Actors.Libraries.Layers;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// Builds the layers of scripts, each in a sandbox of its own.
/// <para>
/// Theory of operation. Process 1 of the sandbox is runtimes/python/build.py, which has pip choose versions, or install wheels whose
/// hashes are locked; or runtimes/node/layer.mjs, which has pnpm install what is locked. The sandbox's only way out is a registry of the
/// server's on its loopback (<see cref="SandboxRegistry"/>). The layer comes as an archive from its stdout, whose names, kinds and sizes
/// the server checks while it unpacks it. A layer that is here already is not built again, and one that several callers wait for is built
/// once, from its lock alone: callers may leave, the build goes on.
/// Versions are chosen in a sandbox of their own, from which a lock comes and never a layer: scripts of others share a layer, and a package
/// that has pip run its code while versions are chosen could otherwise put other files into it than those of the lock. Those of npm are
/// chosen where the script is bundled (<see cref="TreeBundler"/>).
/// </para>
/// </summary>
/// <param name="site">What is prepared on the machine.</param>
/// <param name="registry">The registry of builds.</param>
/// <param name="store">The layers on this machine.</param>
public sealed class LayerBuilder(LaunchSite site, SandboxRegistry registry, LayerStore store) : ILayerBuilder, IAsyncDisposable
{
    private const string PythonFile = "build", NodeFile = "layer";
    private const int Pids = 128;
    private const double Cpus = 2;

    private readonly ExecLauncher _launcher = new(site);
    private readonly SemaphoreSlim _running = new(2);
    private readonly CancellationTokenSource _closing = new();
    private bool _isClosed;
    private readonly ConcurrentDictionary<(string Name, bool IsStored), Lazy<Task<LayerAnswer>>> _known = new();

    // node is asked once, when a layer for it is first needed.
    private readonly MadeOnce<string> _nodeAbi = new(() => NodeAbi.Ask(site.Files.Node));

    /// <summary>
    /// What the layers of a runtime are for: the processor of this machine, and the interpreter, as far as machine code depends on it.
    /// Throws <see cref="SandboxStartException"/> where the interpreter does not say.
    /// </summary>
    public string PlatformOf(Runtime runtime) => string.Create(
        CultureInfo.InvariantCulture,
        $"{RuntimeInformation.OSArchitecture} {InterpreterOf(runtime)}");

    private string InterpreterOf(Runtime runtime) =>
        runtime == Runtime.Node ? $"node {_nodeAbi.Value}" : Path.GetFileName(site.Files.Python);

    /// <inheritdoc/>
    public async Task<LayerAnswer> BuildAsync(LayerOrder order, CancellationToken cancellation)
    {
        try
        {
            if (order.Lock is { } known)
            {
                return await InstallAsync(order, known, cancellation);
            }

            var chosen = await InPlaceAsync(order, cancellation);
            if (chosen.Lock is not { } @lock)
            {
                return chosen;
            }

            var installed = await InstallAsync(order, @lock, cancellation);
            return installed with { Log = chosen.Log + installed.Log };
        }
        catch (Exception failed) when (failed is SandboxStartException or IOException or UnauthorizedAccessException)
        {
            throw new CompilerException(failed.Message, failed);
        }
    }

    /// <summary>Ends the builds that are under way. It may be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
        {
            return;
        }

        await _closing.CancelAsync();
        await Task.WhenAll(_known.Values.Select(build => (Task)build.Value)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _running.Dispose();
        _closing.Dispose();
    }

    private async Task<LayerAnswer> InstallAsync(LayerOrder asked, string @lock, CancellationToken cancellation)
    {
        var name = LayerName.Of(@lock, PlatformOf(asked.Runtime));
        var order = asked with { Entry = "", Requirements = null, Dependencies = [], Lock = @lock };
        if (await store.FindAsync(name) is not null)
        {
            return new LayerAnswer(@lock, null, "");
        }

        try
        {
            return await _known.GetOrAdd((name, order.IsStored), key => OfLock(key, order)).Value.WaitAsync(cancellation);
        }
        catch (CompilerException failed) when (store.WasDamaged(name))
        {
            throw new CompilerException($"Their layer was damaged, and cannot be built again now: {failed.Message}", failed);
        }
    }

    private Lazy<Task<LayerAnswer>> OfLock((string Name, bool IsStored) key, LayerOrder order) => new(() => OnceAsync(key, order));

    private async Task<LayerAnswer> OnceAsync((string Name, bool IsStored) key, LayerOrder order)
    {
        await Task.Yield(); // so that the entry is there before it is removed
        try
        {
            return await InPlaceAsync(order, _closing.Token);
        }
        catch (OperationCanceledException)
        {
            throw new CompilerException("The server stops.");
        }
        finally
        {
            _known.TryRemove(key, out _);
        }
    }

    private async Task<LayerAnswer> InPlaceAsync(LayerOrder order, CancellationToken cancellation)
    {
        if (!LaunchSite.MayListenInSandboxes || !LaunchSite.MayAttachLayers)
        {
            throw new CompilerException(
                "Libraries cannot be installed: the server has to run as root, on Linux 5.12 or later, to open a registry in a sandbox "
                + "and to show it a folder.");
        }

        if (!await _running.WaitAsync(registry.Options.BuildTimeout, cancellation))
        {
            throw new CompilerException(
                $"Other libraries are installed, and none of them has ended within {registry.Options.BuildTimeout.TotalSeconds} s.");
        }

        try
        {
            return await RunAsync(order, cancellation);
        }
        finally
        {
            _running.Release();
        }
    }

    private async Task<LayerAnswer> RunAsync(LayerOrder order, CancellationToken cancellation)
    {
        var memory = registry.Options.BuildMemoryBytes;
        var (file, further) = order.Runtime == Runtime.Node
            ? (NodeFile, [(site.RequirePnpm(), LaunchSite.PnpmInside)])
            : (PythonFile, ((string Source, string Inside)[])[]);
        var sandbox = await _launcher.StartAsync(
            new ImageKey(order.Runtime, TmpBytes: memory / 2), file, new SandboxLimits(memory, Cpus, Pids), further, cancellation);
        await using var build = new LayerBuild(sandbox, order, registry.Options, store, PlatformOf(order.Runtime));
        return await build.RunAsync(registry, cancellation);
    }
}
