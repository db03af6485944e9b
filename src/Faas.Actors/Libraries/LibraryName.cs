using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Faas.Actors.Libraries;

/// <summary>
/// The name of a library, in the one form that its registry compares. Sources:
/// https://packaging.python.org/en/latest/specifications/name-normalization/ and
/// https://docs.npmjs.com/cli/configuring-npm/package-json#name.
/// </summary>
public readonly partial record struct LibraryName
{
    /// <summary>The longest name that npm publishes.</summary>
    public const int MaxLength = 214;

    private LibraryName(Ecosystem ecosystem, string text) => (Ecosystem, Text) = (ecosystem, text);

    /// <summary>Where the library is published.</summary>
    public Ecosystem Ecosystem { get; }

    /// <summary>
    /// The name: of Python in lower case, with <c>-</c> for each run of <c>-</c>, <c>_</c> and <c>.</c>; of npm as it is.
    /// </summary>
    public string Text { get; }

    /// <summary>False where the text is no name.</summary>
    public static bool TryParse(Ecosystem ecosystem, string text, [NotNullWhen(true)] out LibraryName? name)
    {
        var pattern = ecosystem == Ecosystem.Npm ? NpmName() : PythonName();
        name = text.Length is > 0 and <= MaxLength && pattern.IsMatch(text)
            ? new LibraryName(ecosystem, ecosystem == Ecosystem.Npm ? text : Separators().Replace(text, "-").ToLowerInvariant())
            : null;
        return name is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // Old packages of npm have upper case. A name that begins with a dot would be a relative path.
    [GeneratedRegex(@"\A(@[A-Za-z0-9~-][A-Za-z0-9._~-]*/)?[A-Za-z0-9~_-][A-Za-z0-9._~-]*\z")]
    private static partial Regex NpmName();

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\z")]
    private static partial Regex PythonName();

    [GeneratedRegex("[-_.]+")]
    private static partial Regex Separators();
}
