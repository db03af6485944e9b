using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using Faas.Actors.Scripts.Diffs;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Diffs;

public sealed partial class UnifiedDiffTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("a\n", "a\n", "")]
    [InlineData("", "a\n", "@@ -0,0 +1 @@\n+a\n")]
    [InlineData("a\n", "", "@@ -1 +0,0 @@\n-a\n")]
    [InlineData("a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n")]
    [InlineData("a\nb\nc\n", "a\nc\n", "@@ -1,3 +1,2 @@\n a\n-b\n c\n")]
    [InlineData("1\n2\n3\n4\n5\n", "1\n2\n3\n4\nx\n5\n", "@@ -2,4 +2,5 @@\n 2\n 3\n 4\n+x\n 5\n")]
    public void It_is_what_diff_writes(string from, string to, string hunks) =>
        Assert.Equal(hunks.Length == 0 ? "" : $"--- a\n+++ b\n{hunks}", UnifiedDiff.Of(from, to, "a", "b"));

    [Fact]
    public void Edits_that_are_far_apart_are_hunks_of_their_own_and_near_ones_share_a_hunk()
    {
        var lines = Enumerable.Range(1, 40).Select(n => $"{n}").ToArray();
        string With(params int[] changed) => string.Concat(lines.Select((line, at) => $"{(changed.Contains(at) ? "x" : line)}\n"));

        Assert.Equal(1, HunkStart().Count(UnifiedDiff.Of(With(), With(10, 17), "a", "b")));
        Assert.Equal(2, HunkStart().Count(UnifiedDiff.Of(With(), With(10, 18), "a", "b")));
    }

    [Fact]
    public void Whatever_the_texts_are_the_difference_makes_one_of_the_other_and_is_no_longer_than_it_must_be() =>
        Gen.Select(Gen.Char["ab\n"].Array[0, 60], Gen.Char["ab\n"].Array[0, 60]).Sample((from, to) =>
        {
            var (before, after) = (new string(from), new string(to));
            var diff = UnifiedDiff.Of(before, after, "a", "b");
            Assert.Equal(after, Patched(before, diff));
            var hunks = diff.Length == 0 ? "" : diff[diff.IndexOf("@@", StringComparison.Ordinal)..];
            Assert.Equal(Shortest(LinesOf(before), LinesOf(after)), Changes().Count(hunks));
        });

    [Fact]
    public void Texts_that_have_little_in_common_are_compared_in_bounded_time_and_still_make_one_of_the_other()
    {
        var before = string.Concat(Enumerable.Range(0, 100_000).Select(n => $"{n}\n"));
        var after = string.Concat(Enumerable.Range(0, 100_000).Select(n => $"{n * 7 % 100_003}\n"));
        var begun = Stopwatch.GetTimestamp();

        var diff = UnifiedDiff.Of(before, after, "a", "b");

        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(after, Patched(before, diff));
    }

    /// <summary>Applies the difference, and checks the context and the ranges of its hunks.</summary>
    private static string Patched(string text, string diff)
    {
        if (diff.Length == 0)
        {
            return text;
        }

        var (source, lines, patched, at) = (LinesOf(text), LinesOf(diff), new List<string>(), 0);
        for (var i = 2; i < lines.Count;)
        {
            var range = HunkStart().Match(lines[i]);
            Assert.True(range.Success, lines[i]);
            int Of(string name, int otherwise) =>
                range.Groups[name].Success ? int.Parse(range.Groups[name].Value, CultureInfo.InvariantCulture) : otherwise;
            var (start, removed, added) = (Of("from", 0), Of("removed", 1), Of("added", 1));
            for (var first = removed == 0 ? start : start - 1; at < first; at++)
            {
                patched.Add(source[at]);
            }

            Assert.Equal(Of("to", 0), added == 0 ? patched.Count : patched.Count + 1);
            for (i++; i < lines.Count && !lines[i].StartsWith("@@", StringComparison.Ordinal); i++)
            {
                var isLast = i + 1 < lines.Count && lines[i + 1].StartsWith('\\');
                var line = isLast ? lines[i][1..^1] : lines[i][1..];
                var mark = lines[i][0];
                i += isLast ? 1 : 0;
                if (mark is ' ' or '-')
                {
                    Assert.Equal(source[at++], line);
                    removed--;
                }

                if (mark is ' ' or '+')
                {
                    patched.Add(line);
                    added--;
                }
            }

            Assert.Equal((0, 0), (removed, added));
        }

        return string.Concat(patched.Concat(source.Skip(at)));
    }

    /// <summary>Lines removed and added at least, by the longest common subsequence.</summary>
    private static int Shortest(List<string> before, List<string> after)
    {
        var common = new int[before.Count + 1, after.Count + 1];
        for (var x = 1; x <= before.Count; x++)
        {
            for (var y = 1; y <= after.Count; y++)
            {
                common[x, y] = before[x - 1] == after[y - 1]
                    ? common[x - 1, y - 1] + 1
                    : Math.Max(common[x - 1, y], common[x, y - 1]);
            }
        }

        return before.Count + after.Count - (2 * common[before.Count, after.Count]);
    }

    private static List<string> LinesOf(string text) => [.. Line().Matches(text).Select(line => line.Value)];

    [GeneratedRegex(@"[^\n]*\n|[^\n]+\z")]
    private static partial Regex Line();

    [GeneratedRegex(@"^@@ -(?<from>\d+)(?:,(?<removed>\d+))? \+(?<to>\d+)(?:,(?<added>\d+))? @@", RegexOptions.Multiline)]
    private static partial Regex HunkStart();

    [GeneratedRegex(@"^[+-]", RegexOptions.Multiline)]
    private static partial Regex Changes();
}
