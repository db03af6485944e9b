using System.Reflection;
using System.Text.RegularExpressions;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>The shipped file itself.</summary>
public sealed partial class ShippedFileTests
{
    private static readonly string s_text = File.ReadAllText(Repository.File("hocon/faas.conf"));

    [Fact]
    public void Every_key_of_the_shipped_file_has_a_test_that_shows_what_it_does()
    {
        var proven = typeof(ShippedFileTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<ProvesAttribute>())
            .Select(proof => proof.Key);

        Assert.Equal(Keys().Order(StringComparer.Ordinal), proven.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_key_of_the_shipped_file_stands_under_a_comment()
    {
        var lines = s_text.Split('\n').Select(line => line.Trim()).ToArray();
        for (var i = 1; i < lines.Length; i++)
        {
            var assignment = Assignment().Match(lines[i]);
            if (assignment.Success)
            {
                var before = lines[i - 1];
                Assert.True(
                    before.StartsWith('#') || Assignment().IsMatch(before) || before.EndsWith('{') && lines[i - 2].StartsWith('#'),
                    $"no comment above: {lines[i]}");
            }
        }
    }

    /// <summary>The keys in the file's order, read by its braces and not by the product's own parser.</summary>
    private static List<string> Keys()
    {
        var path = new Stack<string>();
        var keys = new List<string>();
        foreach (var line in s_text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !IsPartOfAnother(line[0])))
        {
            if (Section().Match(line) is { Success: true } section)
            {
                path.Push(section.Groups[1].Value);
            }
            else if (line == "}")
            {
                path.Pop();
            }
            else
            {
                keys.Add(string.Join('.', path.Reverse().Skip(1).Append(Assignment().Match(line).Groups[1].Value)));
            }
        }

        return keys.Distinct().ToList();
    }

    // Of a comment, or of a list that has several lines.
    private static bool IsPartOfAnother(char first) => first is '#' or '"' or ']';

    [GeneratedRegex(@"^([\w-]+)\s*\{$")]
    private static partial Regex Section();

    [GeneratedRegex(@"^([\w-]+)\s*=")]
    private static partial Regex Assignment();
}
