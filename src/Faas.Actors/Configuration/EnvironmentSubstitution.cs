using System.Text.RegularExpressions;

namespace Faas.Actors.Configuration;

/// <summary>
/// Resolves the lines <c>key = ${?NAME}</c> of a HOCON file by environment variables.
///
/// Theory of operation: Akka.NET's parser takes NAME for a path in the file itself, and reads the whole section as empty when that path
/// is missing. So the text is changed before it is parsed: a set variable becomes a quoted value, and the line of an unset variable is
/// removed.
/// </summary>
public static partial class EnvironmentSubstitution
{
    /// <summary>Returns the text with every such line resolved. A variable that is empty counts as set.</summary>
    /// <param name="hocon">The text of the file.</param>
    /// <param name="variable">The value of an environment variable; null: it is not set.</param>
    public static string Apply(string hocon, Func<string, string?> variable) =>
        Line().Replace(hocon, match => variable(match.Groups["name"].Value) is { } value
            ? $"{match.Groups["key"].Value}{HoconQuote.Of(value)}"
            : "");

    [GeneratedRegex(@"^(?<key>[ \t]*[\w.-]+[ \t]*=[ \t]*)\$\{\?(?<name>\w+)\}[ \t]*$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
