using System.Runtime.CompilerServices;
using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Layers;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.Sandboxes;

/// <summary>
/// Has the layer of a run's libraries on this machine before the run goes to the pool. It is there, unless it was built on another
/// machine, or lost, or damaged; then it is built from the lock of the code. The libraries of JavaScript and TypeScript are part of the
/// code, unless some of them have machine code; if all are, the run gets the trust by which process 1 may execute them.
/// </summary>
/// <param name="store">The layers on this machine.</param>
/// <param name="builder">Builds those that are missing.</param>
/// <param name="bundles">The trust in the libraries of JavaScript and TypeScript.</param>
/// <param name="preload">The libraries of Python that process 1 of a sandbox may import.</param>
/// <param name="platformOf">What the layers of a runtime are for. It may throw <see cref="SandboxStartException"/>.</param>
public sealed class LayerSupply(
    LayerStore store,
    ILayerBuilder builder,
    BundleTrust bundles,
    IReadOnlyList<NamePattern> preload,
    Func<Runtime, string> platformOf)
    : ICodeListener
{
    // A call must not hash and read the lock of its code anew.
    private readonly ConditionalWeakTable<ScriptCode, ScriptLayer> _layers = [];

    /// <summary>
    /// The run with its layer, if that was used before; null: it has to be supplied. A run without libraries is as it is.
    /// </summary>
    public Run? Known(Run run)
    {
        if (bundles.Of(run.Code) is { } trust)
        {
            run = run with { LibrariesAhead = trust };
        }

        try
        {
            return !run.Code.NeedsLayer ? run
                : _layers.TryGetValue(run.Code, out var layer) && store.Known(layer.Name) is { } folder ? With(run, layer, folder)
                : null;
        }
        catch (Exception failure) when (IsOfMachine(failure))
        {
            return null; // to supply it says what is wrong
        }
    }

    /// <summary>The run with its layer, or the outcome that says why there is none.</summary>
    public async ValueTask<(Run Run, Outcome? Failure)> SupplyAsync(Run run, CancellationToken cancellation)
    {
        if (Known(run) is { } known)
        {
            return (known, null);
        }

        try
        {
            var layer = (await Task.Run(() => LayerOf(run.Code), cancellation))!; // a runtime may have to be asked for its platform
            var order = LayerOrder.Of(run.Code) with { IsStored = run.Version is not null };
            var answer = await builder.BuildAsync(order, cancellation);
            return answer.Refused is { } why
                ? (run, new Outcome(Reason.Dependencies) { Detail = why, Logs = answer.Log, Warmth = null })
                : await store.FindAsync(layer.Name) is { } folder
                    ? (With(run, layer, folder), null)
                    : (run, Broken("The layer of the script's libraries was removed while it was made ready."));
        }
        catch (Exception broken) when (broken is CompilerException or FormatException || IsOfMachine(broken))
        {
            return (run, Broken($"The script's libraries are not on this machine. {broken.Message}"));
        }
    }

    /// <summary>Notes that stored code needs its layer. Where the disk does not take the note, the next run of the code makes it.</summary>
    public void Stored(ScriptCode code)
    {
        try
        {
            if (LayerOf(code) is { } layer)
            {
                store.Need(layer.Name, code.Hash);
            }
        }
        catch (Exception failure) when (IsOfMachine(failure))
        {
            // Without the note, the layer is kept for as long as it is used.
        }
    }

    private static Outcome Broken(string why) => Outcome.Broken(why) with { Warmth = null };

    private static bool IsOfMachine(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or SandboxStartException;

    // Machine code of npm never runs in process 1.
    private ScriptLayer? LayerOf(ScriptCode code) => code is { NeedsLayer: true, Lock: { } @lock }
        ? _layers.GetValue(code, _ => new ScriptLayer(
            LayerName.Of(@lock, platformOf(code.Runtime)),
            new Lazy<bool>(() => code.Runtime == Runtime.Python && IsTrusted(@lock))))
        : null;

    private Run With(Run run, ScriptLayer layer, string folder)
    {
        if (run.Version is not null)
        {
            Stored(run.Code);
        }

        return run with { Layer = new LayerMount(folder, layer.IsTrusted.Value) };
    }

    // A library may have modules under any name, so each of them must be on the list.
    private bool IsTrusted(string @lock) => PythonLock.NamesOf(@lock).All(name => preload.Any(pattern => pattern.Matches(name)));

    private sealed record ScriptLayer(string Name, Lazy<bool> IsTrusted);
}
