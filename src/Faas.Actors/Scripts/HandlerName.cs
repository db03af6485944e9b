using System.Text.RegularExpressions;

namespace Faas.Actors.Scripts;

/// <summary>
/// Which names an upload may give as the script's handler: the identifiers that all languages have in common, and <c>$</c>.
/// </summary>
public static partial class HandlerName
{
    /// <summary>The most characters.</summary>
    public const int MaxLength = 128;

    /// <summary>What is wrong with a name, as the end of a sentence; null: nothing.</summary>
    public static string? Check(string name) => name.Length > MaxLength ? $"is longer than {MaxLength} characters"
        : Identifier().IsMatch(name) ? null
        : "must be the name of a function: letters, digits, _ and $, and no digit at its beginning";

    [GeneratedRegex(@"\A[A-Za-z_$][A-Za-z0-9_$]*\z")]
    private static partial Regex Identifier();
}
