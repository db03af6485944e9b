using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Faas.Actors.Libraries;

/// <summary>
/// Names of libraries, as an operator lists them: <c>lodash</c>, <c>@acme/*</c>, <c>acme-*</c>. A <c>*</c> stands for any characters. In
/// front may stand <c>npm:</c> or <c>pypi:</c>; a pattern without it is for both. Case does not count, except
/// where a name gets rights (<see cref="MatchesExactly"/>).
/// </summary>
public sealed partial class NamePattern
{
    private const string Separator = ":";
    private readonly string _text;
    private readonly Ecosystem? _ecosystem;
    private readonly string _npm;
    private readonly string _python;

    private NamePattern(string text, Ecosystem? ecosystem, string names)
    {
        (_text, _ecosystem) = (text, ecosystem);
        (_npm, _python) = (names, Separators().Replace(names, "-"));
    }

    /// <summary>The pattern; null where the text is none.</summary>
    public static NamePattern? Parse(string text)
    {
        if (!Pattern().IsMatch(text))
        {
            return null;
        }

        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        var (ecosystem, names) = at < 0 ? (null, text) : (EcosystemOf(text[..at]), text[(at + 1)..]);
        return new NamePattern(text, ecosystem, names);
    }

    /// <summary>Whether it stands for this name.</summary>
    public bool Matches(LibraryName name) => Matches(name, ignoreCase: true);

    /// <summary>The same, letter by letter: npm has old packages that differ from others in the case of their names alone.</summary>
    public bool MatchesExactly(LibraryName name) => Matches(name, ignoreCase: name.Ecosystem == Ecosystem.PyPi);

    /// <inheritdoc/>
    public override string ToString() => _text;

    private bool Matches(LibraryName name, bool ignoreCase) => (_ecosystem is null || _ecosystem == name.Ecosystem)
        && FileSystemName.MatchesSimpleExpression(name.Ecosystem == Ecosystem.Npm ? _npm : _python, name.Text, ignoreCase);

    private static Ecosystem? EcosystemOf(string word) => word == "npm" ? Ecosystem.Npm : Ecosystem.PyPi;

    [GeneratedRegex("[-_.]+")]
    private static partial Regex Separators();

    [GeneratedRegex(@"\A((npm|pypi):)?(@[A-Za-z0-9*._~-]+/)?[A-Za-z0-9*._~-]+\z")]
    private static partial Regex Pattern();
}
