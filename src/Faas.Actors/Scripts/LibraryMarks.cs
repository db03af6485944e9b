using System.Text.Json;
using System.Text.RegularExpressions;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Scripts;

/// <summary>
/// Finds out whether code may need libraries, so that other code never waits for a build. What the declarations say is read within the
/// walls of the build. A mark that stands in a comment or a text costs a build.
/// </summary>
public static partial class LibraryMarks
{
    /// <summary>The file of a Python script of several files that lists its libraries, in the form of pip.</summary>
    public const string RequirementsFile = "requirements.txt";

    private const string PackageFile = "package.json";

    /// <summary>Whether the code may declare libraries, or its upload names some.</summary>
    public static bool MayNeedLibraries(this ScriptCode code) => code.Dependencies is not null
        || (code.Language == Language.Python
            ? PythonBlock().IsMatch(code.Source) || code.Tree?.Find(RequirementsFile) is not null
            : Marks(code.Source)
                || (code.Tree is { } tree && tree.Files.Any(file => file.IsScript ? Marks(file.Text) : IsPackageFile(file))));

    private static bool Marks(string text) => text.Contains("npm:", StringComparison.Ordinal) && NpmImport().IsMatch(text);

    // A file that is no JSON declares nothing; the build says what is wrong with it.
    private static bool IsPackageFile(SourceFile file)
    {
        if (file.Name != PackageFile || !file.IsText)
        {
            return false;
        }

        try
        {
            using var json = JsonDocument.Parse(file.Text);
            return json.RootElement.ValueKind != JsonValueKind.Object || json.RootElement.TryGetProperty("dependencies", out _);
        }
        catch (JsonException)
        {
            return true;
        }
    }

    // PEP 723: the line that begins a block, and one of the members of which a build takes note.
    [GeneratedRegex(@"^# /// script\s*\n(?:#(?! ///).*\n)*?# *(?:dependencies|requires-python|[""'])", RegexOptions.Multiline)]
    private static partial Regex PythonBlock();

    [GeneratedRegex("""\b(?:from|import|require)\s*(?:\(\s*)?["'`]npm:""")]
    private static partial Regex NpmImport();
}
