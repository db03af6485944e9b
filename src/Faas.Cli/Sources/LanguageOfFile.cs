using Faas.Client;

namespace Faas.Cli.Sources;

/// <summary>What a file is written in, by the end of its name.</summary>
internal static class LanguageOfFile
{
    private static readonly Dictionary<string, string> s_languages = new(StringComparer.OrdinalIgnoreCase)
    {
        [".js"] = Languages.JavaScript,
        [".mjs"] = Languages.JavaScript,
        [".cjs"] = Languages.JavaScript,
        [".ts"] = Languages.TypeScript,
        [".mts"] = Languages.TypeScript,
        [".cts"] = Languages.TypeScript,
        [".py"] = Languages.Python,
    };

    private static readonly string[] s_declarations = [".d.ts", ".d.mts", ".d.cts"];

    /// <summary>The ends that are known.</summary>
    public static string Allowed { get; } = string.Join(", ", s_languages.Keys);

    /// <summary>The languages.</summary>
    public static IReadOnlyList<string> All { get; } = [.. s_languages.Values.Distinct()];

    /// <summary>The language; null: the end of the name says none. Declarations of types (as <c>.d.ts</c>) are no script.</summary>
    public static string? Of(string file) => s_declarations.Any(end => file.EndsWith(end, StringComparison.OrdinalIgnoreCase))
        ? null
        : s_languages.GetValueOrDefault(Path.GetExtension(file));

    /// <summary>Whether comments begin with <c>#</c>, and not with <c>//</c>.</summary>
    public static bool HasHashComments(string language) => language == Languages.Python;
}
