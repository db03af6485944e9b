using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Diffs;
using Faas.Actors.Scripts.Trees;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Diffs;

public sealed class CodeDiffTests
{
    [Fact]
    public void Trees_differ_file_by_file()
    {
        var before = TreeOf("main.js", new("kept.js", "1"u8.ToArray()), new("main.js", "a\n"u8.ToArray()), new("old.txt", "x\n"u8.ToArray()));
        var after = TreeOf(
            "app.js", new("app.js", ""u8.ToArray()), new("kept.js", "1"u8.ToArray()), new("main.js", "b\n"u8.ToArray()),
            new("raw", new byte[] { 0 }));

        Assert.Equal(
            """
            entry main.js becomes app.js
            --- /dev/null
            +++ p/app.js?version=2
            --- p/main.js?version=1
            +++ p/main.js?version=2
            @@ -1 +1 @@
            -a
            +b
            --- p/old.txt?version=1
            +++ /dev/null
            @@ -1 +0,0 @@
            -x
            Binary files /dev/null and p/raw?version=2 differ

            """,
            CodeDiff.Of(before, after, "p", 1, 2));
        Assert.Equal("", CodeDiff.Of(before, before, "p", 1, 2));
    }

    [Fact]
    public void A_single_text_is_compared_with_the_entry_of_a_tree()
    {
        var one = ScriptCode.Of(Language.JavaScript, "a\n");

        Assert.Equal("", CodeDiff.Of(one, TreeOf("main.js", new SourceFile("main.js", "a\n"u8.ToArray())), "p", 1, 2));
        Assert.StartsWith("--- p?version=1\n+++ p?version=2\n", CodeDiff.Of(one, one with { Source = "b\n" }, "p", 1, 2), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_lock_is_a_difference_also_of_the_same_source()
    {
        var tree = TreeOf("main.js", new SourceFile("main.js", "a\n"u8.ToArray()));
        foreach (var source in (ScriptCode[])[ScriptCode.Of(Language.JavaScript, "a\n"), tree])
        {
            var (one, two) = (source.With("left: 1\n"), source.With("left: 2\n"));

            Assert.Equal(
                "--- p/lock?version=1\n+++ p/lock?version=2\n@@ -1 +1 @@\n-left: 1\n+left: 2\n", CodeDiff.Of(one, two, "p", 1, 2));
            Assert.StartsWith("--- /dev/null\n+++ p/lock?version=2\n", CodeDiff.Of(source, two, "p", 1, 2), StringComparison.Ordinal);
            Assert.Equal("", CodeDiff.Of(one, one, "p", 1, 2));
        }
    }

    private static ScriptCode TreeOf(string entry, params SourceFile[] files) =>
        ScriptCode.Of(Language.JavaScript, SourceTree.Of(entry, files));
}
