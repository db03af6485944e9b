using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Compilation;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Compilation;

public sealed class ScriptCompilerTests : CompilerUnderTest
{
    private static readonly TreeCompiler s_noTrees = new(new BundlerOnPaper());

    [Theory]
    [InlineData(Language.JavaScript)]
    [InlineData(Language.Python)]
    public async Task Languages_that_run_as_they_are_need_no_compiler(Language language)
    {
        using var none = new Esbuild("/nonexistent/esbuild", TimeSpan.FromSeconds(60));
        var compiler = new ScriptCompiler(new TypeScriptCompiler(none), s_noTrees, new RecentCode(1 << 20));

        Assert.Equal(
            new Prepared(ScriptCode.Of(language, "return 1 }")), await compiler.PrepareAsync(ScriptCode.Of(language, "return 1 }"), default));
    }

    [Fact]
    public async Task A_text_that_comes_again_is_not_compiled_again()
    {
        var compiler = new ScriptCompiler(Compiler, s_noTrees, new RecentCode(1 << 20));

        var first = Assert.IsType<Prepared>(await compiler.PrepareAsync(ScriptCode.Of(Language.TypeScript, "return 1 as number"), default));
        var second = Assert.IsType<Prepared>(await compiler.PrepareAsync(ScriptCode.Of(Language.TypeScript, "return 1 as number"), default));

        Assert.Same(first.Code, second.Code);
    }

    [Fact]
    public async Task What_did_not_compile_is_compiled_again()
    {
        var compiler = new ScriptCompiler(Compiler, s_noTrees, new RecentCode(1 << 20));

        Assert.IsType<NotCompiled>(await compiler.PrepareAsync(ScriptCode.Of(Language.TypeScript, "enum {"), default));
        Assert.IsType<NotCompiled>(await compiler.PrepareAsync(ScriptCode.Of(Language.TypeScript, "enum {"), default));
    }
}
