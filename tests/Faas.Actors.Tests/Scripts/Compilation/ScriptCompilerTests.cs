using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Compilation;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Compilation;

public sealed class ScriptCompilerTests : CompilerUnderTest
{
    private static readonly TreeCompiler s_noTrees = new(new BundlerOnPaper());
    private static readonly LayerCompiler s_noLayers = new(new LayersOnPaper());

    [Theory]
    [InlineData(Language.JavaScript)]
    [InlineData(Language.Python)]
    public async Task Languages_that_run_as_they_are_need_no_compiler(Language language)
    {
        using var none = new Esbuild("/nonexistent/esbuild", TimeSpan.FromSeconds(60));
        var compiler = new ScriptCompiler(new TypeScriptCompiler(none), s_noTrees, s_noLayers, new RecentCode(1 << 20));

        Assert.Equal(
            new Prepared(ScriptCode.Of(language, "return 1 }")),
            await compiler.PrepareAsync(ScriptCode.Of(language, "return 1 }"), log: null, default));
    }

    [Fact]
    public async Task A_text_that_comes_again_is_not_compiled_again()
    {
        var compiler = new ScriptCompiler(Compiler, s_noTrees, s_noLayers, new RecentCode(1 << 20));

        var source = ScriptCode.Of(Language.TypeScript, "return 1 as number");
        var first = Assert.IsType<Prepared>(await compiler.PrepareAsync(source, log: null, default));
        var second = Assert.IsType<Prepared>(await compiler.PrepareAsync(source, log: null, default));

        Assert.Same(first.Code, second.Code);
    }

    [Fact]
    public async Task What_did_not_compile_is_compiled_again()
    {
        var compiler = new ScriptCompiler(Compiler, s_noTrees, s_noLayers, new RecentCode(1 << 20));

        Assert.IsType<NotCompiled>(await compiler.PrepareAsync(ScriptCode.Of(Language.TypeScript, "enum {"), log: null, default));
        Assert.IsType<NotCompiled>(await compiler.PrepareAsync(ScriptCode.Of(Language.TypeScript, "enum {"), log: null, default));
    }

    [Fact]
    public async Task Python_with_libraries_is_locked_and_other_Python_is_as_it_is()
    {
        var paper = new LayersOnPaper { Says = _ => Task.FromResult(new LayerAnswer("a==1", null, "")) };
        var compiler = new ScriptCompiler(Compiler, s_noTrees, new LayerCompiler(paper), new RecentCode(1 << 20));
        var source = ScriptCode.Of(Language.Python, "# /// script\n# dependencies = ['a']\n# ///\n");
        Assert.Equal(new Prepared(source.With("a==1")), await compiler.PrepareAsync(source, log: null, default));
        Assert.Single(paper.Asked);
    }

    [Fact]
    public async Task A_text_with_libraries_is_bundled_and_its_lock_makes_it_other_code()
    {
        var answer = new BundleAnswer("bundle", "{}", [], IsEntryWrapped: false) { Lock = "a 1", HasPause = true };
        var paper = new BundlerOnPaper { Says = _ => answer };
        var compiler = new ScriptCompiler(Compiler, new TreeCompiler(paper), s_noLayers, new RecentCode(1 << 20));
        var source = ScriptCode.Of(Language.TypeScript, "import 'npm:a'") with { Dependencies = Dependencies.Of(["b"]) };

        var code = Assert.IsType<Prepared>(await compiler.PrepareAsync(source, log: null, default)).Code;

        Assert.Equal(source.With("a 1") with { Compiled = new CompiledJavaScript("bundle", "{}") { HasPause = true } }, code);
        Assert.Equal(("script.ts", null), (paper.Asked.Tree.Entry, paper.Asked.Libraries!.Lock));
        Assert.Equal(["b"], paper.Asked.Libraries.Dependencies);

        var again = Assert.IsType<Prepared>(await compiler.PrepareAsync(source.With("a 1"), log: null, default)).Code;
        Assert.Same(code, again);
        var locked = Assert.IsType<Prepared>(await compiler.PrepareAsync(source.With("a 0"), log: null, default)).Code;
        Assert.Equal(("a 0", source.With("a 0").Hash), (paper.Asked.Libraries.Lock, locked.Hash));
    }

    [Fact]
    public async Task A_bundle_that_needs_a_layer_has_it_made_before_it_is_ready()
    {
        var bundler = new BundlerOnPaper
        {
            Says = _ => new BundleAnswer("bundle", "{}", [], IsEntryWrapped: false) { Lock = "a 1", NeedsLayer = true },
        };
        var source = ScriptCode.Of(Language.JavaScript, "import 'npm:a'");
        foreach (var (answer, expected) in (IEnumerable<(LayerAnswer?, Type)>)
        [
            (new LayerAnswer("a 1", null, ""), typeof(Prepared)),
            (new LayerAnswer(null, "no a", "looked"), typeof(LibrariesRefused)),
            (null, typeof(CompilerFailed)),
        ])
        {
            var layers = new LayersOnPaper { Says = answer is null ? null : _ => Task.FromResult(answer) };
            var compiler = new ScriptCompiler(Compiler, new TreeCompiler(bundler), new LayerCompiler(layers), new RecentCode(1 << 20));

            var preparation = await compiler.PrepareAsync(source, log: null, default);

            Assert.IsType(expected, preparation);
            Assert.Equal((Runtime.Node, "a 1"), (layers.Asked.Single().Runtime, layers.Asked.Single().Lock));
            Assert.Equal(expected == typeof(Prepared), preparation is Prepared { Code.NeedsLayer: true });
        }
    }

    [Fact]
    public async Task Libraries_that_cannot_be_had_are_refused_in_the_words_of_their_installer()
    {
        var paper = new BundlerOnPaper { Says = _ => new BundleAnswer("", "", [], false) { Refused = "no a", Log = "looked\n" } };
        var compiler = new ScriptCompiler(Compiler, new TreeCompiler(paper), s_noLayers, new RecentCode(1 << 20));

        Assert.Equal(
            new LibrariesRefused("no a", "looked\n"),
            await compiler.PrepareAsync(ScriptCode.Of(Language.JavaScript, "import 'npm:a'"), log: null, default));
    }

    [Fact]
    public async Task An_error_in_a_single_text_names_no_file()
    {
        var wrong = new EsbuildMessage("Expected x", 1, 2) { File = "script.js" };
        var compiler = new ScriptCompiler(
            Compiler,
            new TreeCompiler(new BundlerOnPaper { Says = _ => new BundleAnswer("", "", [wrong], false) }),
            s_noLayers,
            new RecentCode(1 << 20));

        var source = ScriptCode.Of(Language.JavaScript, "import 'npm:a'");
        var error = Assert.IsType<NotCompiled>(await compiler.PrepareAsync(source, log: null, default)).Error;

        Assert.Equal(new ScriptError("SyntaxError", "Expected x", Line: 1, Column: 3), error);
    }
}
