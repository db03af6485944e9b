using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Http.Tests.Testing;

/// <summary>
/// Compiles nothing; TypeScript that contains <c>@@</c> does not compile. Installs the libraries that an upload names, and writes a line
/// for each; one that is called <c>missing</c> cannot be had.
/// </summary>
public sealed class ScriptedCompiler : IScriptCompiler
{
    public Task<Preparation> PrepareAsync(ScriptCode code, Action<string>? log, CancellationToken cancellation)
    {
        foreach (var library in code.Dependencies?.Texts ?? [])
        {
            log?.Invoke($"installing {library}");
        }

        return Task.FromResult<Preparation>(
            code.Dependencies?.Texts.Contains("missing") == true ? new LibrariesRefused("there is no missing", "all lines\n")
            : code.Language == Language.TypeScript && code.Source.Contains("@@", StringComparison.Ordinal)
                ? new NotCompiled(new ScriptError("SyntaxError", "Unexpected \"@\"", Line: 3, Column: 7))
                : new Prepared(code));
    }
}
