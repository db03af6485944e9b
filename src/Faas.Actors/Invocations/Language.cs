namespace Faas.Actors.Invocations;

/// <summary>What a script is written in. It belongs to the version, not to the path.</summary>
public enum Language
{
    /// <summary>CommonJS-flavoured JavaScript with static imports, as node runs it.</summary>
    JavaScript,

    /// <summary>What esbuild accepts.</summary>
    TypeScript,

    /// <summary>CPython 3.</summary>
    Python,
}

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
