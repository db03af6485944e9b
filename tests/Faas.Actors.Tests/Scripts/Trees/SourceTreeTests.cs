using System.Text.Json;
using CsCheck;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Trees;

public sealed class SourceTreeTests
{
    private static readonly SourceFile s_main = SourceFile.OfText("main.js", "import './lib/a.js'");
    private static readonly SourceFile s_lib = SourceFile.OfText("lib/a.js", "");

    private static readonly string[] s_names = ["main", "a", "b.txt", "lib/a", "lib/c.bin", "lib/deep/ü", "x/main"];

    // Any files: a few names, and any bytes.
    private static readonly Gen<SourceFile[]> s_files = Gen.Select(
            Gen.Int[0, s_names.Length - 1].Select(at => s_names[at]), Gen.Byte.Array[0, 20])
        .Select((name, content) => new SourceFile(name, content)).Array[1, 6]
        .Select(files => files.DistinctBy(file => file.Name).ToArray());

    [Fact]
    public void The_hash_is_that_of_entry_names_and_contents_whatever_the_order()
    {
        var hash = SourceTree.Of("main.js", [s_main, s_lib]).Hash;

        Assert.Equal("7f21b24c2c2460d3ffe1666a2b67a788cb4f7f579e59ece9520cce76e2045566", hash); // as sha256sum makes it
        Assert.Equal(hash, SourceTree.Of("main.js", [s_lib, s_main]).Hash);
        Assert.NotEqual(hash, SourceTree.Of("lib/a.js", [s_lib, s_main]).Hash);
        Assert.NotEqual(hash, SourceTree.Of("main.js", [s_main]).Hash);
        Assert.NotEqual(hash, SourceTree.Of("main.js", [s_main, s_lib with { Name = "lib/b.js" }]).Hash);
        Assert.NotEqual(hash, SourceTree.Of("main.js", [s_main, SourceFile.OfText("lib/a.js", " ")]).Hash);
        Assert.NotEqual(ScriptCode.HashOf(s_main.Text), SourceTree.Of("main.js", [s_main]).Hash);
    }

    [Fact]
    public void A_tree_that_was_written_as_json_is_the_same_tree() => s_files.Sample(files =>
    {
        var tree = SourceTree.Of(files[0].Name, files);
        var json = JsonSerializer.Serialize(SourceFileJson.Of(tree), RelaxedJson.SerializerOptions);
        var again = SourceFileJson.TreeOf(tree.Entry, JsonSerializer.Deserialize<SourceFileJson[]>(json, RelaxedJson.SerializerOptions)!);

        Assert.Equal(tree.Hash, again.Hash);
        Assert.Equal(files.Sum(file => file.Content.Length), again.Bytes);
        Assert.Equal(files.Select(file => file.Name).Order(StringComparer.Ordinal), again.Files.Select(file => file.Name));
    });

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"text\": \"1\"}")]
    [InlineData("{\"name\": null, \"text\": \"1\"}")]
    [InlineData("{\"name\": \"main.js\"}")]
    [InlineData("{\"name\": \"main.js\", \"text\": \"1\", \"base64\": \"\"}")]
    public void A_file_that_lacks_something_is_refused_with_what_it_needs(string file)
    {
        const string Why = "A file needs a name, and one of text and base64.";
        var files = JsonSerializer.Deserialize<SourceFileJson?[]>($"[{file}]", RelaxedJson.SerializerOptions)!;
        Assert.Equal(Why, Assert.Throws<FormatException>(() => SourceFileJson.TreeOf("main.js", files)).Message);

        var code = $$$"""{"language":"javascript","source":"1","hash":"","tree":{"entry":"main.js","files":[{{{file}}}]}}""";
        var wrong = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ScriptCode>(code, RelaxedJson.SerializerOptions));
        Assert.Contains(Why, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_tree_is_refused_with_the_reason()
    {
        Assert.Equal("The file \"main.js\" is there twice.", SourceTree.Check([s_main, s_main]));
        Assert.Null(SourceTree.Check([s_main, s_main with { Name = "Main.js" }]));
        Assert.Equal(
            "\"lib\" is a file and the folder of \"lib/a.js\".", SourceTree.Check([s_lib, SourceFile.OfText("lib", "")]));
        Assert.StartsWith("The name \"../x\" has the part", SourceTree.Check([SourceFile.OfText("../x", "")]), StringComparison.Ordinal);
        Assert.Equal(
            "The file \"a.py\" is no text in UTF-8, or has a NUL character.", SourceTree.Check([new SourceFile("a.py", new byte[] { 0xff })]));
        Assert.Null(SourceTree.Check([new SourceFile("a.bin", new byte[] { 0xff, 0 })]));
        Assert.Throws<ArgumentException>(() => SourceTree.Of("other.js", [s_main]));
    }
}
