using Faas.Actors.Scripts.Code;

namespace Faas.Actors.Scripts.Compilation;

/// <summary>
/// Compiles TypeScript, and trees and libraries of JavaScript and TypeScript, and keeps the results of recent scripts, so a source that is
/// sent repeatedly is compiled once. Python is compiled in sandboxes; here it gets the lock of its libraries.
/// </summary>
/// <param name="typeScript">The compiler of single texts.</param>
/// <param name="trees">The compiler of trees.</param>
/// <param name="layers">Locks the libraries of Python scripts, and has layers made.</param>
/// <param name="recent">Code in memory, shared with the code store's cache: both keep code by its hash.</param>
public sealed class ScriptCompiler(TypeScriptCompiler typeScript, TreeCompiler trees, LayerCompiler layers, RecentCode recent)
    : IScriptCompiler
{
    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(ScriptCode code, Action<string>? log, CancellationToken cancellation)
    {
        var mayNeedLibraries = code.MayNeedLibraries();
        if (code.Language == Language.Python)
        {
            return mayNeedLibraries ? await layers.CompileAsync(code, log, cancellation) : new Prepared(code);
        }

        var isBundled = code.Tree is not null || mayNeedLibraries;
        if (!isBundled && code.Language != Language.TypeScript)
        {
            return new Prepared(code);
        }

        // Without a lock, the key does not say which libraries were bundled.
        var isKnownByKey = !mayNeedLibraries || code.Lock is not null;
        if (isKnownByKey && recent.Find(code.Key) is { } kept)
        {
            return new Prepared(kept);
        }

        var preparation = isBundled
            ? await trees.CompileAsync(code, log, cancellation)
            : await typeScript.CompileAsync(code, cancellation);
        if (code.Tree is null && isBundled && preparation is Prepared { Code.Lock: null })
        {
            // The mark was none: the text is what it would be without it.
            preparation = code.Language == Language.TypeScript ? await typeScript.CompileAsync(code, cancellation) : new Prepared(code);
        }

        if (preparation is Prepared { Code: { NeedsLayer: true } bundled })
        {
            preparation = await layers.InstallAsync(bundled, log, cancellation);
        }

        if (preparation is Prepared { Code: var compiled })
        {
            recent.Keep(compiled);
        }

        return preparation;
    }
}
