using System.Text.RegularExpressions;

namespace Faas.Actors.Libraries;

/// <summary>
/// The lock of the libraries of a JavaScript or TypeScript script: a <c>pnpm-lock.yaml</c> of version 9.0, as pnpm writes it.
/// <para>
/// Theory of operation. YAML has many ways to say one thing, and the lock may come from an archive. So the lines must be those that pnpm
/// writes: its sections, each once and in its order, and in those of the libraries a line for each, <c>NAME@VERSION:</c>, with what is said
/// of it below, deeper. That must not be another name or version, by which pnpm would install something else.
/// </para>
/// </summary>
public static partial class NpmLock
{
    private const string Packages = "packages:";
    private const string Snapshots = "snapshots:";
    private static readonly string[] s_sections = ["lockfileVersion: '9.0'", "settings:", "importers:", Packages, Snapshots];

    /// <summary>The libraries in a lock; null: it names none, or has a line that pnpm does not write.</summary>
    public static IReadOnlyList<LibraryName>? NamesOf(string text)
    {
        var sections = Foreign().IsMatch(text) ? [] : SectionsOf(text);
        if (!sections.Select(section => section[0]).SequenceEqual(s_sections)
            || LibrariesOf(sections[^2]) is not { Count: > 0 } packages
            || LibrariesOf(sections[^1]) is not { } snapshots
            || snapshots.Except(packages).Any())
        {
            return null;
        }

        var names = new List<LibraryName>();
        foreach (var package in packages)
        {
            if (!LibraryName.TryParse(Ecosystem.Npm, package[..package.IndexOf('@', 1)], out var name))
            {
                return null;
            }

            names.Add(name.Value);
        }

        return names;
    }

    // Each begins with its line without indent.
    private static List<List<string>> SectionsOf(string text)
    {
        var sections = new List<List<string>>();
        foreach (var line in text.Split('\n').Where(line => line.Length > 0))
        {
            if (line[0] != ' ' || sections.Count == 0)
            {
                sections.Add([]);
            }

            sections[^1].Add(line);
        }

        return sections;
    }

    // As NAME@VERSION, without the peers for which a library is installed more than once; null: it has another line.
    private static List<string>? LibrariesOf(List<string> section)
    {
        var libraries = new List<string>();
        foreach (var line in section.Skip(1))
        {
            if (Library().Match(line) is { Success: true } match)
            {
                libraries.Add(match.Groups["library"].Value);
            }
            else if (libraries.Count == 0 || !Said().IsMatch(line))
            {
                return null;
            }
        }

        return libraries;
    }

    // What YAML takes for a line break or an indent, beside the line feed and the blank.
    [GeneratedRegex("[\0-\x09\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]")]
    private static partial Regex Foreign();

    [GeneratedRegex(@"\A  '?(?<library>(?:@[^@/\s'()]+/)?[^@/\s'()]+@[0-9][0-9A-Za-z.+-]*)(?:\([^\s']*\))?'?:(?: \{\})?\z")]
    private static partial Regex Library();

    [GeneratedRegex(@"\A    (?:(?!(?:name|version|id):)[A-Za-z]+:(?: .*)?|  .*)\z")]
    private static partial Regex Said();
}
