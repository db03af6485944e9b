using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.Tests.UseCases;

/// <summary>A compiler that says what a test wants; without that, all code is good.</summary>
public sealed class CompilerOnPaper : IScriptCompiler
{
    public Preparation? Says { get; set; }

    public Task<Preparation> PrepareAsync(ScriptCode code, Action<string>? log, CancellationToken cancellation) =>
        Task.FromResult(Says ?? new Prepared(code));
}
