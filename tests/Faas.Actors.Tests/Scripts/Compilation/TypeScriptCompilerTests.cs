using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Compilation;

public sealed class TypeScriptCompilerTests : CompilerUnderTest
{
    [Fact]
    public async Task Types_are_gone_and_enums_and_namespaces_are_code()
    {
        var code = await CompiledAsync(
            "enum Colour { Red = 3 }\nnamespace N { export const q: number = 1 }\nreturn [Colour.Red, N.q] as number[];");

        Assert.Contains("Colour2[Colour2[\"Red\"] = 3]", code.JavaScript, StringComparison.Ordinal);
        Assert.DoesNotContain("as number", code.JavaScript, StringComparison.Ordinal);
        Assert.DoesNotContain("sourceMappingURL", code.JavaScript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Static_imports_stay_and_those_of_types_go()
    {
        var code = await CompiledAsync(
            "import { readFileSync } from 'node:fs';\nimport { Stats } from 'node:fs';\nlet s: Stats;\nreturn readFileSync('/x');");

        Assert.Contains("import { readFileSync } from \"node:fs\";", code.JavaScript, StringComparison.Ordinal);
        Assert.DoesNotContain("Stats", code.JavaScript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exports_and_the_meta_object_stay_for_the_runtime()
    {
        var code = await CompiledAsync("export const handler = async (event: { n: number }) => event.n;\nexport {};\nimport.meta.url;");

        Assert.Contains("export const handler = async (event) => event.n;", code.JavaScript, StringComparison.Ordinal);
        Assert.Contains("import.meta.url", code.JavaScript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jsx_is_compiled_where_the_script_is_no_plain_typescript()
    {
        var code = await CompiledAsync("/** @jsx h */\nconst h = (...a: unknown[]) => a;\nawait 0;\nreturn <p class=\"x\">hi</p>;");
        Assert.Contains("return /* @__PURE__ */ h(\"p\", { class: \"x\" }, \"hi\")", code.JavaScript, StringComparison.Ordinal);

        var cast = await CompiledAsync("const n = <number>event.n;\nreturn n;");
        Assert.Contains("const n = event.n;", cast.JavaScript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_in_jsx_is_told_as_typescript_has_it()
    {
        var error = await RefusedAsync("const p = <p>hi</q>;");

        Assert.Equal(1, error.Line);
    }

    [Theory]
    [InlineData("const a = 1;\nconst b: = 2;", 2, 10)]
    [InlineData("é('ü' ;", 1, 7)]
    [InlineData("await 1;\nreturn 2;\nlet x: number = ;", 3, 17)]
    [InlineData("return 1 }", 1, 10)]
    public async Task A_syntax_error_is_told_with_the_scripts_own_line_and_column(string source, int line, int column)
    {
        var error = await RefusedAsync(source);

        Assert.Equal(("SyntaxError", line, column), (error.Name, error.Line, error.Column));
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public async Task A_return_in_a_place_for_none_is_refused_where_it_is()
    {
        var error = await RefusedAsync("class A {\n  static { return 1; }\n}");

        Assert.Equal((2, 12), (error.Line, error.Column));
    }

    [Fact]
    public async Task A_compiler_that_takes_too_long_is_stopped_and_named()
    {
        var program = Path.GetTempFileName();
        await File.WriteAllTextAsync(program, "#!/bin/sh\nexec sleep 3600\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var slow = new Esbuild(program, TimeSpan.FromMilliseconds(100));

        var failed = Assert.IsType<CompilerFailed>(
            await new TypeScriptCompiler(slow).CompileAsync(ScriptCode.Of(Language.TypeScript, "1"), default));

        Assert.Contains("faas.scripts.compile-timeout (0.1 s)", failed.Detail, StringComparison.Ordinal);
        File.Delete(program);
    }

    [Theory]
    [InlineData("/nonexistent/esbuild", "cannot be run")]
    [InlineData("/bin/false", "ended with 1")]
    public async Task A_compiler_that_breaks_is_the_servers_fault(string program, string says)
    {
        using var broken = new Esbuild(program, TimeSpan.FromSeconds(60));

        var failed = Assert.IsType<CompilerFailed>(
            await new TypeScriptCompiler(broken).CompileAsync(ScriptCode.Of(Language.TypeScript, "1"), default));

        Assert.Contains(says, failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_leaves_cancels()
    {
        using var left = new CancellationTokenSource();
        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Compiler.CompileAsync(ScriptCode.Of(Language.TypeScript, "1"), left.Token));
    }

    [Fact]
    public async Task The_compiler_sees_nothing_of_the_servers_environment()
    {
        Environment.SetEnvironmentVariable("ESBUILD_TEST_SECRET", "seen");
        using var env = new Esbuild("/usr/bin/env", TimeSpan.FromSeconds(60));

        var failed = Assert.IsType<CompilerFailed>(
            await new TypeScriptCompiler(env).CompileAsync(ScriptCode.Of(Language.TypeScript, "1"), default));

        Assert.DoesNotContain("seen", failed.Detail, StringComparison.Ordinal);
    }
}
