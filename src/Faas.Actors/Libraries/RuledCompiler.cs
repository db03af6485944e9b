using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Actors.Libraries;

/// <summary>
/// Refuses code whose lock has a library that <c>faas.libraries.allow</c> and <c>deny</c> do not permit now.
/// <para>
/// Theory of operation. Where versions are chosen, the registry of the build knows the rules. A lock that is there already comes from an
/// earlier upload or from an archive, and what it names may be on the disk or in memory, so no registry is asked. What is uploaded, run
/// once or imported passes here. Calls of stored versions do not: they go on, and a layer that was lost is built again.
/// </para>
/// </summary>
/// <param name="compiler">Prepares what is permitted.</param>
/// <param name="rules">The rules.</param>
public sealed class RuledCompiler(IScriptCompiler compiler, LibraryRules rules) : IScriptCompiler
{
    /// <inheritdoc/>
    public Task<Preparation> PrepareAsync(ScriptCode code, Action<string>? log, CancellationToken cancellation) =>
        Refuses(code) is { } why
            ? Task.FromResult<Preparation>(new LibrariesRefused(why, ""))
            : compiler.PrepareAsync(code, log, cancellation);

    // A lock that is none is the compiler's to refuse.
    private string? Refuses(ScriptCode code) => code.Lock is not { } @lock ? null
        : NamesOf(code.Runtime, @lock).Select(rules.Refuses).FirstOrDefault(why => why is not null);

    private static IReadOnlyList<LibraryName> NamesOf(Runtime runtime, string @lock) =>
        runtime == Runtime.Node ? NpmLock.NamesOf(@lock) ?? []
        : PythonLock.Fault(@lock) is null ? PythonLock.NamesOf(@lock)
        : [];
}
