using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Faas.Actors.Scripts.Trees;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Compilation;

public sealed class TreeCompilerTests
{
    private const string TopLevelReturn = "Top-level return cannot be used inside an ECMAScript module";

    private static readonly ScriptCode s_code = ScriptCode.Of(
        Language.JavaScript,
        SourceTree.Of("main.js", [SourceFile.OfText("main.js", "import './l.js'\nreturn 3"), SourceFile.OfText("l.js", "\nthrow 5")]));

    private static readonly EsbuildMessage s_return = new(TopLevelReturn, 2, 0) { File = "main.js" };

    [Fact]
    public async Task A_return_of_the_entry_is_masked_and_a_throw_of_another_file_stays()
    {
        const string map = """{"version":3,"sources":["l.js","main.js"],"mappings":"AACA;ACAA","names":[]}""";
        var texts = new List<string?>();
        var code = await CompiledAsync(text =>
        {
            texts.Add(text);
            return text is null ? Wrong(s_return) : new BundleAnswer("throw 5;\nthrow 3;", map, [], false);
        });

        Assert.Equal([null, "import './l.js'\nthrow  3"], texts);
        Assert.Equal("throw 5;\nreturn 3;", Assert.IsType<Prepared>(code).Code.Compiled!.JavaScript);
    }

    [Fact]
    public async Task The_error_that_counts_is_not_the_return()
    {
        var other = new EsbuildMessage("Unexpected end of file", 2, 3) { File = "l.js" };

        var error = Assert.IsType<NotCompiled>(await CompiledAsync(_ => Wrong(s_return, other))).Error;

        Assert.Equal(new ScriptError("SyntaxError", "Unexpected end of file", Line: 2, Column: 4, File: "l.js"), error);
    }

    [Fact]
    public async Task A_return_in_another_file_is_an_error_there()
    {
        var error = Assert.IsType<NotCompiled>(await CompiledAsync(_ => Wrong(s_return with { File = "l.js" }))).Error;

        Assert.Equal(("l.js", TopLevelReturn, 2, 1), (error.File, error.Message, error.Line, error.Column));
    }

    [Fact]
    public async Task An_entry_that_another_file_imports_at_run_time_has_no_return()
    {
        var error = Assert.IsType<NotCompiled>(await CompiledAsync(
            text => text is null ? Wrong(s_return) : new BundleAnswer("", "", [], IsEntryWrapped: true))).Error;

        Assert.Equal(("main.js", 2, 1), (error.File, error.Line, error.Column));
        Assert.StartsWith("The entry has a return outside its functions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundler_that_breaks_is_no_fault_of_the_script() =>
        Assert.Equal(
            new CompilerFailed("There is no bundler."),
            await new TreeCompiler(new BundlerOnPaper()).CompileAsync(s_code, log: null, default));

    private static BundleAnswer Wrong(params EsbuildMessage[] errors) => new("", "", errors, false);

    private static Task<Preparation> CompiledAsync(Func<string?, BundleAnswer> says) =>
        new TreeCompiler(new BundlerOnPaper { Says = says }).CompileAsync(s_code, log: null, default);
}
