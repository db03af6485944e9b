using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.Scripts;

/// <summary>
/// Which file of a tree runs, where its author has not said it: the file in the tree's own folder that is named <c>main</c> or
/// <c>index</c> (in Python also <c>__main__</c>) with an end of the language, if there is exactly one; without such a file the only file
/// of the language in the whole tree.
/// </summary>
public static class EntryChoice
{
    private const int MostNamed = 10;
    private static readonly string[] s_javaScript = [".js", ".mjs", ".cjs", ".jsx"];
    private static readonly string[] s_typeScript = [".ts", ".mts", ".cts", ".tsx"];
    private static readonly string[] s_python = [".py"];

    // Declarations of types.
    private static readonly string[] s_declarations = [".d.ts", ".d.mts", ".d.cts"];

    /// <summary>The ends of names that files of a language have.</summary>
    public static IReadOnlyList<string> EndsOf(Language language) => language switch
    {
        Language.JavaScript => s_javaScript,
        Language.TypeScript => s_typeScript,
        _ => s_python,
    };

    /// <summary>The entry, or why none is clear, as a sentence.</summary>
    /// <param name="language">The tree's language.</param>
    /// <param name="names">The names of its files.</param>
    public static (string? Entry, string? Wrong) Of(Language language, IReadOnlyCollection<string> names)
    {
        var ofLanguage = names.Where(name => IsOf(language, name)).Order(StringComparer.Ordinal).ToList();
        var named = ofLanguage.Where(name => IsNamed(language, name)).ToList();
        return (named, ofLanguage) switch
        {
            ([var one], _) => (one, null),
            ([], [var only]) => (only, null),
            ([], []) => (null, $"No file of the tree ends in {string.Join(", ", EndsOf(language))}."),
            ([], _) => (null, $"The entry is unclear: no file is named main or index; name it: {Candidates(ofLanguage)}."),
            _ => (null, $"The entry is unclear; name it: {Candidates(named)}."),
        };
    }

    /// <summary>What is wrong with an entry that the author has named, as a sentence; null: nothing.</summary>
    public static string? Check(Language language, string entry, IReadOnlyCollection<string> names)
    {
        if (!names.Contains(entry))
        {
            var others = names.Where(name => IsOf(language, name)).Order(StringComparer.Ordinal).ToList();
            return $"There is no file {SourceTree.Shown(entry)}"
                + (others.Count == 0 ? "." : $"; those that can be the entry are {Candidates(others)}.");
        }

        return IsOf(language, entry)
            ? null
            : $"{SourceTree.Shown(entry)} cannot be the entry: its name must end in {string.Join(", ", EndsOf(language))}"
                + (language == Language.TypeScript ? $", and not in {string.Join(", ", s_declarations)}." : ".");
    }

    private static bool IsOf(Language language, string name) =>
        EndsOf(language).Any(end => name.EndsWith(end, StringComparison.Ordinal))
        && !s_declarations.Any(end => name.EndsWith(end, StringComparison.Ordinal));

    private static bool IsNamed(Language language, string name) =>
        !name.Contains('/')
        && (name[..name.LastIndexOf('.')] is "main" or "index" || (language == Language.Python && name == "__main__.py"));

    private static string Candidates(List<string> names) =>
        string.Join(", ", names.Take(MostNamed).Select(SourceTree.Shown)) + (names.Count > MostNamed ? ", …" : "");
}
