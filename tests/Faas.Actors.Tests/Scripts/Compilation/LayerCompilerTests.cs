using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.Scripts.Trees;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Compilation;

public sealed class LayerCompilerTests
{
    private const string Lock = "a==1 --hash=sha256:00\n";
    private static readonly ScriptCode s_source = ScriptCode.Of(Language.Python, "import a\nreturn a");

    [Fact]
    public async Task All_that_declares_libraries_is_asked_for_and_the_lock_makes_it_other_code()
    {
        var paper = Saying(new LayerAnswer(Lock, null, "log"));
        var tree = SourceTree.Of(
            "main.py", [SourceFile.OfText("main.py", "import a"), SourceFile.OfText("requirements.txt", "a>=1")]);
        var source = ScriptCode.Of(Language.Python, tree) with { Dependencies = Dependencies.Of(["b"]) };

        var code = Assert.IsType<Prepared>(await new LayerCompiler(paper).CompileAsync(source, log: null, default)).Code;

        Assert.Equal(source.With(Lock), code);
        Assert.Equal(("import a", "a>=1", null), (paper.Asked[0].Entry, paper.Asked[0].Requirements, paper.Asked[0].Lock));
        Assert.Equal(["b"], paper.Asked[0].Dependencies);
    }

    [Fact]
    public async Task Code_whose_lock_is_known_keeps_it()
    {
        var paper = Saying(new LayerAnswer("other", null, ""));
        var locked = s_source.With(Lock);
        Assert.Equal(new Prepared(locked), await new LayerCompiler(paper).CompileAsync(locked, log: null, default));
        Assert.Equal((Lock, null), (paper.Asked[0].Lock, paper.Asked[0].Requirements));
    }

    [Fact]
    public async Task Code_that_declares_no_library_is_as_it_was_and_is_not_asked_about_again()
    {
        var paper = Saying(new LayerAnswer(null, null, ""));
        var compiler = new LayerCompiler(paper);
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(new Prepared(s_source), await compiler.CompileAsync(s_source, log: null, default));
        }

        Assert.Single(paper.Asked);
        await compiler.CompileAsync(s_source with { Dependencies = Dependencies.Of(["a"]) }, log: null, default);
        Assert.Equal(2, paper.Asked.Count);
    }

    [Fact]
    public async Task A_refusal_and_a_broken_builder_are_told_apart()
    {
        var refused = await new LayerCompiler(Saying(new LayerAnswer(null, "no a", "looked\n"))).CompileAsync(s_source, log: null, default);
        Assert.Equal(new LibrariesRefused("no a", "looked\n"), refused);
        Assert.Equal(
            new CompilerFailed("There is no builder."),
            await new LayerCompiler(new LayersOnPaper()).CompileAsync(s_source, log: null, default));
    }

    private static LayersOnPaper Saying(LayerAnswer answer) => new() { Says = _ => Task.FromResult(answer) };
}
