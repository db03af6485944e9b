using System.Text.RegularExpressions;

namespace Faas.Cli.Sources;

/// <summary>
/// Finds imports in a file that lead to files beside it. A file that is stored as a script of its own has no other file, so such an import
/// fails when the script is called, and the server does not know that the other file exists.
/// </summary>
/// <remarks>What stands in a comment or a text is found, too: the result is a hint, and never an error.</remarks>
internal static partial class NeighbourImports
{
    /// <summary>What the author should know; null: nothing is found.</summary>
    public static string? Note(SourceFile source) =>
        source.Tree is null
        && source.File != SourceFile.StandardInput
        && (LanguageOfFile.HasHashComments(source.Language) ? OfPython(source) : OfJavaScript(source.Code)) is { } name
            ? $"{source.File} imports {name}, which a script of one file does not have; --tree stores its folder as one script."
            : null;

    private static string? OfJavaScript(string code) => JavaScriptImport().Match(code) is { Success: true } found
        ? $"\"{found.Groups["name"].Value}\""
        : null;

    private static string? OfPython(SourceFile source)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(source.File))!;
        return PythonImport().Matches(source.Code)
            .Select(found => found.Groups["name"].Value)
            .FirstOrDefault(name => name.StartsWith('.') || IsThere(folder, name.Split('.')[0]));
    }

    private static bool IsThere(string folder, string module) =>
        File.Exists(Path.Combine(folder, $"{module}.py"))
        || (Directory.Exists(Path.Combine(folder, module))
            && Directory.EnumerateFiles(Path.Combine(folder, module), "*.py", SearchOption.AllDirectories).Any());

    [GeneratedRegex("""(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(?<quote>['"])(?<name>\.\.?/[^'"\n]+)\k<quote>""")]
    private static partial Regex JavaScriptImport();

    [GeneratedRegex(
        @"^[ \t]*(?:from[ \t]+(?<name>\.*[A-Za-z_][\w.]*|\.+)[ \t]+import\b|import[ \t]+(?<name>[A-Za-z_][\w.]*))",
        RegexOptions.Multiline)]
    private static partial Regex PythonImport();
}
