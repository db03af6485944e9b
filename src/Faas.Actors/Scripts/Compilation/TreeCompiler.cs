using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Scripts.Compilation;

/// <summary>
/// A tree of JavaScript or TypeScript to the body of a function for the node runtime, with a source map to the lines of its files.
/// <para>
/// Theory of operation. The bundler knows modules alone, and a module has no <c>return</c> outside its functions. So the entry's are
/// masked, as those of one TypeScript file are (<see cref="MaskedReturns"/>): a first pass says where they are, a second one bundles the
/// masked text.
/// </para>
/// </summary>
public sealed class TreeCompiler(ITreeBundler bundler)
{
    private const string JsxName = "script.tsx";

    /// <summary>
    /// Compiles a tree, or a single text that may need libraries. A failure is in the result; only cancellation throws.
    /// </summary>
    public async Task<Preparation> CompileAsync(ScriptCode script, Action<string>? log, CancellationToken cancellation)
    {
        var preparation = await CompileAsync(script, script.Tree ?? TreeOf(script, ScriptName(script)), log, cancellation);

        // As a single text of TypeScript without libraries, it has JSX if it compiles as nothing else.
        return preparation is NotCompiled && script is { Tree: null, Language: Language.TypeScript }
            && await CompileAsync(script, TreeOf(script, JsxName), log, cancellation) is Prepared jsx
            ? jsx
            : preparation;
    }

    private async Task<Preparation> CompileAsync(
        ScriptCode script, SourceTree tree, Action<string>? log, CancellationToken cancellation)
    {
        try
        {
            await using var bundling = await bundler.BeginAsync(tree, OrderOf(script, log), cancellation);
            var answer = await bundling.BundleAsync(entryText: null, cancellation);
            if (answer.Refused is { } why)
            {
                return new LibrariesRefused(why, answer.Log);
            }

            var returns = answer.Errors.Where(error => IsMaskable(error, tree)).ToList();
            if (returns.Count > 0 && returns.Count == answer.Errors.Count)
            {
                answer = await MaskedAsync(bundling, tree, returns, cancellation);
            }

            if (answer.Lock is not null && answer.Errors.FirstOrDefault(error => error.File is null) is { } ofLibrary)
            {
                return new LibrariesRefused(ofLibrary.Text, answer.Log);
            }

            return answer.Errors.Count > 0
                ? new NotCompiled(
                    ErrorOf(answer.Errors.FirstOrDefault(error => !IsMaskable(error, tree)) ?? answer.Errors[0], tree, script))
                : Checked(Locked(script, answer.Lock) with { Compiled = CompiledOf(answer) });
        }
        catch (CompilerException broken)
        {
            return new CompilerFailed(broken.Message);
        }
    }

    private static CompiledJavaScript CompiledOf(BundleAnswer answer) =>
        new(answer.JavaScript, answer.SourceMap)
        {
            HasPause = answer.HasPause,
            NeedsLayer = answer is { NeedsLayer: true, Lock: not null },
        };

    private static string ScriptName(ScriptCode script) => script.Language == Language.TypeScript ? "script.ts" : "script.js";

    private static SourceTree TreeOf(ScriptCode script, string name) => SourceTree.Of(name, [SourceFile.OfText(name, script.Source)]);

    private static LibraryOrder? OrderOf(ScriptCode script, Action<string>? log) => script.MayNeedLibraries()
        ? new LibraryOrder(script.Dependencies?.Texts ?? [], script.Lock) { Says = log }
        : null;

    // Code whose lock is known keeps its hash, which is its name in the store.
    private static ScriptCode Locked(ScriptCode script, string? @lock) =>
        @lock is null || script.Lock is not null ? script : script.With(@lock);

    private static async Task<BundleAnswer> MaskedAsync(
        IBundling bundling, SourceTree tree, List<EsbuildMessage> returns, CancellationToken cancellation)
    {
        var masked = MaskedReturns.Of(tree.EntryText, returns);
        var answer = await bundling.BundleAsync(masked.Text, cancellation);
        if (answer.Errors.Count > 0)
        {
            return answer;
        }

        if (answer.IsEntryWrapped)
        {
            var (line, column) = (returns[0].Line, returns[0].ByteColumn);
            const string text = "The entry has a return outside its functions, so no file may import it by import() or require()";
            return answer with { Errors = [new EsbuildMessage(text, line, column) { File = tree.Entry }] };
        }

        var unmasked = masked.Unmask(new EsbuildAnswer(answer.JavaScript, answer.SourceMap, []), tree.Entry);
        return answer with { JavaScript = unmasked.JavaScript, SourceMap = unmasked.SourceMap };
    }

    private static Preparation Checked(ScriptCode script) =>
        Math.Max(script.Compiled!.JavaScript.Length, script.Compiled.SourceMap.Length) > TypeScriptCompiler.MaxCompiledCharacters
            ? new NotCompiled(new ScriptError(
                "SyntaxError",
                $"The script compiles to more than {TypeScriptCompiler.MaxCompiledCharacters >> 20} MiB.",
                Line: 1,
                Column: 1,
                File: script.Tree?.Entry))
            : new Prepared(script);

    private static bool IsMaskable(EsbuildMessage error, SourceTree tree) => error.IsTopLevelReturn && error.File == tree.Entry;

    // The file of a single text has no name for its author.
    private static ScriptError ErrorOf(EsbuildMessage error, SourceTree tree, ScriptCode script)
    {
        var file = error.File is { } name ? tree.Find(name) : null;
        return file is null || error.Line == 0
            ? new ScriptError("SyntaxError", error.Text, Line: 1, Column: 1, File: script.Tree is null ? null : file?.Name ?? tree.Entry)
            : new ScriptError(
                "SyntaxError",
                error.Text,
                Line: error.Line,
                Column: new SourceLines(file.Text).ColumnOf(error.Line, error.ByteColumn) + 1,
                File: script.Tree is null ? null : file.Name);
    }
}
