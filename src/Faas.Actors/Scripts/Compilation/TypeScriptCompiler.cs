namespace Faas.Actors.Scripts.Compilation;

/// <summary>TypeScript to the body of a function for the node runtime, with a source map to the script's own lines.</summary>
public sealed class TypeScriptCompiler(Esbuild esbuild)
{
    // The most characters of compiled JavaScript, and the most of its source map: both go to the sandbox in one PROGRAM frame.
    private const int MaxCompiledCharacters = 8 << 20;

    /// <summary>Compiles a script. A failure is in the result; only cancellation throws.</summary>
    public async Task<Preparation> CompileAsync(ScriptCode script, CancellationToken cancellation)
    {
        try
        {
            var answer = await TransformAsync(script.Source, cancellation);
            if (answer.Errors is [var first, ..])
            {
                return new NotCompiled(ErrorOf(answer.Errors.FirstOrDefault(error => !error.IsTopLevelReturn) ?? first, script.Source));
            }

            return answer.JavaScript.Length > MaxCompiledCharacters || answer.SourceMap.Length > MaxCompiledCharacters
                ? new NotCompiled(new ScriptError(
                    "SyntaxError", $"The script compiles to more than {MaxCompiledCharacters >> 20} MiB.", Line: 1, Column: 1))
                : new Prepared(script with { Compiled = new CompiledTypeScript(answer.JavaScript, answer.SourceMap) });
        }
        catch (CompilerException broken)
        {
            return new CompilerFailed(broken.Message);
        }
    }

    private async Task<EsbuildAnswer> TransformAsync(string source, CancellationToken cancellation)
    {
        var answer = await esbuild.TransformAsync(source, cancellation);
        if (answer.Errors.Count == 0 || !answer.Errors.All(error => error.IsTopLevelReturn))
        {
            return answer;
        }

        var masked = MaskedReturns.Of(source, answer.Errors);
        var compiled = await esbuild.TransformAsync(masked.Text, cancellation);
        return compiled.Errors.Count > 0 ? compiled : masked.Unmask(compiled);
    }

    private static ScriptError ErrorOf(EsbuildMessage error, string source) => error.Line == 0
        ? new ScriptError("SyntaxError", error.Text, Line: 1, Column: 1)
        : new ScriptError(
            "SyntaxError", error.Text, Line: error.Line, Column: new SourceLines(source).ColumnOf(error.Line, error.ByteColumn) + 1);
}
