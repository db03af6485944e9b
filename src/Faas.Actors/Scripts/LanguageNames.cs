
namespace Faas.Actors.Scripts;

/// <summary>The names that languages have on the wire and in the store.</summary>
public static class LanguageNames
{
    /// <summary>The allowed names, for error messages.</summary>
    public const string Allowed = "javascript, typescript, python";

    /// <summary>The wire name: <c>javascript</c>, <c>typescript</c> or <c>python</c>.</summary>
    public static string ToWire(this Language language) => language switch
    {
        Language.JavaScript => "javascript",
        Language.TypeScript => "typescript",
        Language.Python => "python",
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, null),
    };

    /// <summary>Reads a wire name; exact, lower case.</summary>
    public static bool TryParse(string? name, out Language language)
    {
        (var known, language) = name switch
        {
            "javascript" => (true, Language.JavaScript),
            "typescript" => (true, Language.TypeScript),
            "python" => (true, Language.Python),
            _ => (false, default),
        };
        return known;
    }
}
