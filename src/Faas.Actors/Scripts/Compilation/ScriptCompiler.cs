using Faas.Actors.Scripts.Code;

namespace Faas.Actors.Scripts.Compilation;

/// <summary>
/// Compiles TypeScript, and trees of JavaScript and TypeScript, and keeps the results of recent scripts, so a source that is sent
/// repeatedly is compiled once.
/// </summary>
/// <param name="typeScript">The compiler of single texts.</param>
/// <param name="trees">The compiler of trees.</param>
/// <param name="recent">Code in memory, shared with the code store's cache: both keep code by its hash.</param>
public sealed class ScriptCompiler(TypeScriptCompiler typeScript, TreeCompiler trees, RecentCode recent) : IScriptCompiler
{
    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(ScriptCode code, CancellationToken cancellation)
    {
        if (code.Language == Language.Python || (code.Language == Language.JavaScript && code.Tree is null))
        {
            return new Prepared(code);
        }

        if (recent.Find(code.Key) is { } kept)
        {
            return new Prepared(kept);
        }

        var preparation = code.Tree is null
            ? await typeScript.CompileAsync(code, cancellation)
            : await trees.CompileAsync(code, cancellation);
        if (preparation is Prepared { Code: var compiled })
        {
            recent.Keep(compiled);
        }

        return preparation;
    }
}
