using Faas.Actors.Scripts.Trees;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Trees;

public sealed class SourceNameTests
{
    [Theory]
    [InlineData("main.js")]
    [InlineData("lib/math.js")]
    [InlineData(".env")]
    [InlineData("a b/ü/文.py")]
    [InlineData("..hidden/x..y")]
    public void Paths_below_the_folder_are_names(string name) => Assert.Null(SourceName.Check(name));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("/etc/passwd", "begins with a slash")]
    [InlineData("../x", "the part \"..\"")]
    [InlineData("a/../../x", "the part \"..\"")]
    [InlineData("./x", "the part \".\"")]
    [InlineData("a//x", "an empty part")]
    [InlineData("a/", "an empty part")]
    [InlineData("a\\x", "a backslash")]
    [InlineData("a\0x", "a control character")]
    [InlineData("a\nx", "a control character")]
    [InlineData("a\uFFFDx", "U+FFFD")]
    public void Others_are_refused_with_the_reason(string name, string why) =>
        Assert.Contains(why, SourceName.Check(name), StringComparison.Ordinal);

    [Fact]
    public void Long_and_deep_names_are_refused()
    {
        Assert.Null(SourceName.Check(new string('ä', 127)));
        Assert.Equal("has a part of more than 255 bytes", SourceName.Check(new string('ä', 128)));
        Assert.Equal("has 600 bytes; allowed are 512", SourceName.Check(string.Join('/', Enumerable.Repeat(new string('a', 149), 4)) + "b"));
        Assert.Null(SourceName.Check(string.Join('/', Enumerable.Repeat("a", 20))));
        Assert.Equal("has 21 parts; allowed are 20", SourceName.Check(string.Join('/', Enumerable.Repeat("a", 21))));
        Assert.Equal("has half of a surrogate pair", SourceName.Check("a\uD800"));
    }
}
