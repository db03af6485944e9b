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

    private static ScriptCode TreeOf(string entry, params SourceFile[] files) =>
        ScriptCode.Of(Language.JavaScript, SourceTree.Of(entry, files));
}
