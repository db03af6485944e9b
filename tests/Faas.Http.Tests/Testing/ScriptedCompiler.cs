using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Http.Tests.Testing;

/// <summary>Compiles nothing; TypeScript that contains <c>@@</c> does not compile.</summary>
public sealed class ScriptedCompiler : IScriptCompiler
{
    public Task<Preparation> PrepareAsync(ScriptCode code, CancellationToken cancellation) =>
        Task.FromResult<Preparation>(code.Language == Language.TypeScript && code.Source.Contains("@@", StringComparison.Ordinal)
            ? new NotCompiled(new ScriptError("SyntaxError", "Unexpected \"@\"", Line: 3, Column: 7))
            : new Prepared(code));
}
