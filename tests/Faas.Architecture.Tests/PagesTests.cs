using System.Text.RegularExpressions;
using Faas.Testing;
using Xunit;

namespace Faas.Architecture.Tests;

/// <summary>The pages name files, and files move.</summary>
public sealed partial class PagesTests
{
    // What a program is called in its own stacks.
    private const string Program = "script.py";

    private static readonly string s_root = Path.GetDirectoryName(Repository.File("README.md"))!;
    private static readonly string[] s_files = [.. FilesBelow(s_root).Select(file => Path.GetRelativePath(s_root, file))];

    public static TheoryData<string> Pages => [.. s_files.Where(file => file.EndsWith(".md", StringComparison.Ordinal) && !IsResult(file))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_file_that_a_page_names_exists(string page) => Assert.Empty(MissingFiles(page));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_somewhere(string page) => Assert.Empty(BrokenLinks(page));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_to_a_part_of_a_page_names_one_of_its_headings(string page) => Assert.Empty(MissingHeadings(page));

    private static IEnumerable<string> MissingFiles(string page) => CodeSpan().Matches(Text(page))
        .Select(span => Expanded(span.Groups[1].Value))
        .Where(name => name != Program && !s_files.Any(file => IsEndOf(file, name)));

    private static IEnumerable<string> BrokenLinks(string page) => Link().Matches(Text(page))
        .Select(link => link.Groups[1].Value)
        .Where(target => !Path.Exists(Path.Combine(s_root, page, "..", target)));

    private static IEnumerable<string> MissingHeadings(string page) =>
        from Match link in LinkToHeading().Matches(Text(page))
        let target = link.Groups["page"].Value is "" ? page : Path.Combine(Path.GetDirectoryName(page)!, link.Groups["page"].Value)
        where !Heading().Matches(Text(target)).Select(heading => AnchorOf(heading.Groups[1].Value)).Contains(link.Groups["anchor"].Value)
        select link.Value;

    // As GitHub makes it: small letters, hyphens for spaces, and no punctuation.
    private static string AnchorOf(string heading) => NoAnchor().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static string Text(string page) => File.ReadAllText(Path.Combine(s_root, page));

    // docs/architecture.md says what these two stand for.
    private static string Expanded(string name) => name.StartsWith("A/", StringComparison.Ordinal) ? $"src/Faas.Actors/{name[2..]}"
        : name.StartsWith("H/", StringComparison.Ordinal) ? $"src/Faas.Http/{name[2..]}"
        : name;

    private static bool IsEndOf(string file, string name) => file == name || file.EndsWith($"/{name}", StringComparison.Ordinal);

    private static bool IsResult(string file) => file.StartsWith("bench/results/", StringComparison.Ordinal);

    private static IEnumerable<string> FilesBelow(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder)
            .Where(child => Path.GetFileName(child) is not ("bin" or "obj" or "node_modules" or ".git" or ".cache" or "data"))
            .SelectMany(FilesBelow));

    /// <summary>A code span that is a source file's name, with or without folders.</summary>
    [GeneratedRegex("`((?:[A-Za-z][A-Za-z0-9_.-]*/)*[A-Za-z][A-Za-z0-9_.-]*\\.(?:cs|py|mjs|conf|service|sh|md))`")]
    private static partial Regex CodeSpan();

    /// <summary>The target of a link within the repository.</summary>
    [GeneratedRegex(@"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    /// <summary>A link to a heading, of this page or of another one.</summary>
    [GeneratedRegex(@"\]\((?!https?:)(?<page>[^)#\s]*\.md)?#(?<anchor>[^)]+)\)")]
    private static partial Regex LinkToHeading();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoAnchor();
}
