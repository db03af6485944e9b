using System.Collections.Concurrent;

namespace Faas.Actors.Scripts.Compilation;

/// <summary>
/// Gives Python code the lock of its libraries, and has the layers of scripts made. A source that has the mark of a declaration and
/// declares nothing is not asked about again.
/// </summary>
public sealed class LayerCompiler(ILayerBuilder builder)
{
    private const int MostWithout = 1000;

    private readonly ConcurrentDictionary<string, bool> _without = new();

    /// <summary>
    /// The code with its lock; as it is, if it declares no library. A failure is in the result; only cancellation throws.
    /// </summary>
    public async Task<Preparation> CompileAsync(ScriptCode script, Action<string>? log, CancellationToken cancellation)
    {
        if (_without.ContainsKey(script.Hash) && script is { Lock: null, Dependencies: null })
        {
            return new Prepared(script);
        }

        try
        {
            return await builder.BuildAsync(LayerOrder.Of(script) with { Says = log }, cancellation) switch
            {
                { Refused: { } why, Log: var all } => new LibrariesRefused(why, all),
                { Lock: { } @lock } when script.Lock is null => new Prepared(script.With(@lock)),
                { Lock: null } => Without(script),
                _ => new Prepared(script), // code whose lock is known keeps its hash, which is its name in the store
            };
        }
        catch (CompilerException broken)
        {
            return new CompilerFailed(broken.Message);
        }
    }

    /// <summary>
    /// Has the layer of code on this machine whose lock is known: code of JavaScript or TypeScript that was bundled. A failure is in the
    /// result; only cancellation throws.
    /// </summary>
    public async Task<Preparation> InstallAsync(ScriptCode bundled, Action<string>? log, CancellationToken cancellation)
    {
        try
        {
            return await builder.BuildAsync(LayerOrder.Of(bundled) with { Says = log }, cancellation) is { Refused: { } why, Log: var all }
                ? new LibrariesRefused(why, all)
                : new Prepared(bundled);
        }
        catch (CompilerException broken)
        {
            return new CompilerFailed(broken.Message);
        }
    }

    private Prepared Without(ScriptCode script)
    {
        if (_without.Count >= MostWithout)
        {
            _without.Clear();
        }

        _without[script.Hash] = true;
        return new Prepared(script);
    }
}
