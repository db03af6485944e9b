namespace Faas.Actors.Scripts.Compilation;

/// <summary>TypeScript to the body of a function for the node runtime, with a source map to the script's own lines.</summary>
public sealed class TypeScriptCompiler(Esbuild esbuild)
{
    // The most characters of compiled JavaScript, and the most of its source map: both go to the sandbox in one PROGRAM frame.
    internal const int MaxCompiledCharacters = 8 << 20;

    /// <summary>Compiles a script. A failure is in the result; only cancellation throws.</summary>
    public async Task<Preparation> CompileAsync(ScriptCode script, CancellationToken cancellation)
    {
        try
        {
            var answer = await TransformAsync(script.Source, withJsx: false, cancellation);
            if (IsRefused(answer) && await TransformAsync(script.Source, withJsx: true, cancellation) is { Errors: [] } jsx)
            {
                answer = jsx;
            }

            if (answer.Errors is [var first, ..])
            {
                return new NotCompiled(ErrorOf(answer.Errors.FirstOrDefault(error => !error.IsTopLevelReturn) ?? first, script.Source));
            }

            return answer.JavaScript.Length > MaxCompiledCharacters || answer.SourceMap.Length > MaxCompiledCharacters
                ? new NotCompiled(new ScriptError(
                    "SyntaxError", $"The script compiles to more than {MaxCompiledCharacters >> 20} MiB.", Line: 1, Column: 1))
                : new Prepared(script with { Compiled = new CompiledJavaScript(answer.JavaScript, answer.SourceMap) });
        }
        catch (CompilerException broken)
        {
            return new CompilerFailed(broken.Message);
        }
    }

    // A file of TypeScript with JSX has a name of its own elsewhere (.tsx), because in it `<T>x` is no type assertion. A script has no
    // file name, so it is JSX if it compiles as nothing else.
    private async Task<EsbuildAnswer> TransformAsync(string source, bool withJsx, CancellationToken cancellation)
    {
        var answer = await esbuild.TransformAsync(source, withJsx, cancellation);
        if (answer.Errors.Count == 0 || IsRefused(answer))
        {
            return answer;
        }

        var masked = MaskedReturns.Of(source, answer.Errors);
        var compiled = await esbuild.TransformAsync(masked.Text, withJsx, cancellation);
        return compiled.Errors.Count > 0 ? compiled : masked.Unmask(compiled);
    }

    // True: there is an error beside the returns at the top level, which a second pass masks.
    private static bool IsRefused(EsbuildAnswer answer) => answer.Errors.Any(error => !error.IsTopLevelReturn);

    private static ScriptError ErrorOf(EsbuildMessage error, string source) => error.Line == 0
        ? new ScriptError("SyntaxError", error.Text, Line: 1, Column: 1)
        : new ScriptError(
            "SyntaxError", error.Text, Line: error.Line, Column: new SourceLines(source).ColumnOf(error.Line, error.ByteColumn) + 1);
}
