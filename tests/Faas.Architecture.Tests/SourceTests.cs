using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Faas.Architecture.Tests;

/// <summary>What the source must look like, as far as no analyzer says it.</summary>
public sealed partial class SourceTests
{
    private const int LongestLine = 140;
    private const string RawQuotes = "\"\"\"";
    private static readonly string[] s_folders = ["src", "tests", "bench", "runtimes"];
    private static readonly string[] s_endings = [".cs", ".mjs", ".py"];
    private static readonly string[] s_made = ["bin", "obj", "node_modules", "__pycache__"];

    // In tests, scripts and expected bytes stay whole: what a test quotes does not count.
    [Fact]
    public void No_line_is_longer_than_140_characters() => Assert.Equal(
        [],
        from file in Files()
        from line in (file.Contains("/tests/", StringComparison.Ordinal) ? WithoutQuotes(file) : File.ReadLines(file)).Index()
        where line.Item.Length > LongestLine
        select $"{Path.GetRelativePath(Root(), file)}:{line.Index + 1} has {line.Item.Length} characters");

    [Theory]
    [InlineData("Assert.Equal(\"a \\\" long text\", answer);", "Assert.Equal(, answer);")]
    [InlineData("Assert.Equal(\"\"\"{\"a\": 1}\"\"\", answer);", "Assert.Equal(, answer);")]
    public void A_quoted_text_does_not_count(string line, string counted) => Assert.Equal(counted, Quoted().Replace(line, ""));

    private static IEnumerable<string> WithoutQuotes(string file)
    {
        var isWithin = false;
        foreach (var line in File.ReadLines(file))
        {
            var counted = Quoted().Replace(line, "");
            var isEdge = counted.Contains(RawQuotes, StringComparison.Ordinal);
            yield return isWithin || isEdge ? "" : counted;
            isWithin ^= isEdge;
        }
    }

    private static IEnumerable<string> Files() => s_folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*", SearchOption.AllDirectories))
        .Where(file => s_endings.Contains(Path.GetExtension(file)))
        .Where(file => !Path.GetRelativePath(Root(), file).Split('/').Any(s_made.Contains));

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath("../..", Path.GetDirectoryName(here)!);

    [GeneratedRegex("""["]{3,}.*?["]{3,}|"(?:\\.|[^"\\])*"(?!")""")]
    private static partial Regex Quoted();
}
