using System.Runtime.CompilerServices;
using System.Text;
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
    [InlineData("Python(\"\"\"", "Python(")]
    public void A_quoted_text_does_not_count(string line, string counted)
    {
        var isWithin = false;
        Assert.Equal(counted, WithoutQuotes(line, ref isWithin));
    }

    [Fact]
    public void A_text_of_several_lines_does_not_count()
    {
        var isWithin = false;
        string[] lines = ["A(\"\"\"", "text", "\"\"\", B(\"\"\"", "text", "\"\"\"), c);"];
        Assert.Equal(["A(", "", ", B(", "", "), c);"], lines.Select(line => WithoutQuotes(line, ref isWithin)).ToList());
    }

    private static IEnumerable<string> WithoutQuotes(string file)
    {
        var isWithin = false;
        foreach (var line in File.ReadLines(file))
        {
            yield return WithoutQuotes(line, ref isWithin);
        }
    }

    private static string WithoutQuotes(string line, ref bool isWithin)
    {
        var counted = new StringBuilder();
        while (true)
        {
            if (isWithin)
            {
                var end = line.IndexOf(RawQuotes, StringComparison.Ordinal);
                if (end < 0)
                {
                    return counted.ToString();
                }

                (line, isWithin) = (line[(end + RawQuotes.Length)..], false);
            }

            var quote = Quote().Match(line);
            if (!quote.Success)
            {
                return counted.Append(line).ToString();
            }

            counted.Append(line, 0, quote.Index);
            isWithin = quote.Value.StartsWith(RawQuotes, StringComparison.Ordinal);
            line = line[(quote.Index + quote.Length)..];
        }
    }

    private static IEnumerable<string> Files() => s_folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*", SearchOption.AllDirectories))
        .Where(file => s_endings.Contains(Path.GetExtension(file)))
        .Where(file => !Path.GetRelativePath(Root(), file).Split('/').Any(s_made.Contains));

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath("../..", Path.GetDirectoryName(here)!);

    // The opening of a raw string, or a whole ordinary one.
    [GeneratedRegex("\"{3,}|\"(?:\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Quote();
}
