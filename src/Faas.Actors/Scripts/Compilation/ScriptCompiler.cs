using Faas.Actors.Scripts.Code;

namespace Faas.Actors.Scripts.Compilation;

/// <summary>Compiles TypeScript and keeps the results of recent scripts, so a text that is sent repeatedly is compiled once.</summary>
/// <param name="typeScript">The compiler.</param>
/// <param name="recent">Code in memory, shared with the code store's cache: both keep code by its hash.</param>
public sealed class ScriptCompiler(TypeScriptCompiler typeScript, RecentCode recent) : IScriptCompiler
{
    /// <inheritdoc/>
    public async Task<Preparation> PrepareAsync(Language language, string source, CancellationToken cancellation)
    {
        var code = ScriptCode.Of(language, source);
        if (language != Language.TypeScript)
        {
            return new Prepared(code);
        }

        if (recent.Find(code.Key) is { } kept)
        {
            return new Prepared(kept);
        }

        var preparation = await typeScript.CompileAsync(code, cancellation);
        if (preparation is Prepared { Code: var compiled })
        {
            recent.Keep(compiled);
        }

        return preparation;
    }
}
