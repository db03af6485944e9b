using System.Text.RegularExpressions;

namespace Faas.Actors.Configuration;

/// <summary>
/// Resolves <c>key = ${?NAME}</c> lines against environment variables. Akka.NET's parser knows the form only
/// for paths of the file itself and reads the whole section as empty when one is missing, so the text is
/// prepared before it is parsed: a set variable becomes a quoted value, the line of an unset one is dropped.
/// </summary>
public static partial class EnvironmentSubstitution
{
    /// <summary>Returns <paramref name="hocon"/> with every such line resolved; an empty variable counts as set.</summary>
    public static string Apply(string hocon, Func<string, string?> variable) =>
        Line().Replace(hocon, match => variable(match.Groups["name"].Value) is { } value
            ? $"{match.Groups["key"].Value}{Quote(value)}"
            : "");

    private static string Quote(string value) => $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\"";

    [GeneratedRegex(@"^(?<key>[ \t]*[\w.-]+[ \t]*=[ \t]*)\$\{\?(?<name>\w+)\}[ \t]*$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
