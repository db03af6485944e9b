using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;

namespace Faas.Bench.Workloads;

/// <summary>Makes of a function what a sandbox is bound to, as the server does; it compiles TypeScript.</summary>
/// <param name="program">The esbuild program.</param>
internal sealed class CodeMaker(string program) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly Esbuild _esbuild = new(program, s_patience);

    /// <summary>The code of a function. Throws <see cref="BenchException"/> when it does not compile.</summary>
    public ScriptCode CodeOf(Workload workload)
    {
        var code = ScriptCode.Of(workload.Language, workload.Source);
        return workload.Language != Language.TypeScript
            ? code
            : new TypeScriptCompiler(_esbuild).CompileAsync(code, CancellationToken.None).GetAwaiter().GetResult() is Prepared prepared
                ? prepared.Code
                : throw new BenchException($"{workload.Name} does not compile.");
    }

    /// <summary>A function in many texts, by their numbers from 0. They differ in a comment, so one compilation serves them all.</summary>
    public IEnumerable<ScriptCode> TextsOf(Workload workload, int count)
    {
        var compiled = CodeOf(workload.Text(0)).Compiled;
        return Enumerable.Range(0, count)
            .Select(number => ScriptCode.Of(workload.Language, workload.Text(number).Source) with { Compiled = compiled });
    }

    public void Dispose() => _esbuild.Dispose();
}
