using Faas.Actors.Sandboxes.Runtimes;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.Tests.Sandboxes;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Compilation;

/// <summary>The real compiler on the real esbuild.</summary>
public abstract class CompilerUnderTest : IDisposable
{
    protected CompilerUnderTest() => Compiler = new TypeScriptCompiler(Esbuild);

    public static string EsbuildPath { get; } = RuntimeFiles.Find(SandboxTestOptions.Default).Esbuild;

    protected Esbuild Esbuild { get; } = new(EsbuildPath, TimeSpan.FromSeconds(60));

    protected TypeScriptCompiler Compiler { get; }

    public void Dispose()
    {
        Esbuild.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task<CompiledJavaScript> CompiledAsync(string source)
    {
        var preparation = await Compiler.CompileAsync(ScriptCode.Of(Language.TypeScript, source), default);
        return Assert.IsType<Prepared>(preparation).Code.Compiled!;
    }

    protected async Task<ScriptError> RefusedAsync(string source) =>
        Assert.IsType<NotCompiled>(await Compiler.CompileAsync(ScriptCode.Of(Language.TypeScript, source), default)).Error;
}
