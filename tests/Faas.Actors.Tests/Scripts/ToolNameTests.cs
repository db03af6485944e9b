using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Scripts;

public sealed class ToolNameTests
{
    [Theory]
    [InlineData("add", "add")]
    [InlineData("math/add", "math__add")]
    [InlineData("math/deep/add_two-3", "math__deep__add_two-3")]
    [InlineData("A/B", "A__B")]
    public void A_path_has_a_name_and_the_name_leads_back(string path, string name)
    {
        Assert.Equal(name, ToolName.Of(path));
        Assert.Equal(path, ToolName.PathOf(name));
        Assert.Null(ToolName.Check(path));
    }

    [Theory]
    [InlineData("a__b")]
    [InlineData("_a")]
    [InlineData("a_")]
    [InlineData("a_/b")]
    [InlineData("a/_b")]
    [InlineData("v1.2/add")]
    [InlineData("größe")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("run_code")]
    public void A_path_that_two_names_could_mean_or_clients_refuse_has_none(string path)
    {
        Assert.Null(ToolName.Of(path));
        Assert.NotNull(ToolName.Check(path));
    }

    [Fact]
    public void A_name_has_at_most_64_characters_with_two_for_each_slash()
    {
        Assert.NotNull(ToolName.Of(new string('a', 64)));
        Assert.Null(ToolName.Of(new string('a', 65)));
        Assert.NotNull(ToolName.Of($"{new string('a', 31)}/{new string('b', 31)}"));
        Assert.Null(ToolName.Of($"{new string('a', 31)}/{new string('b', 32)}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("__")]
    [InlineData("a/b")]
    [InlineData("a___b")]
    [InlineData("a____b")]
    [InlineData("__a")]
    [InlineData("run_code")]
    [InlineData("a.b")]
    public void A_name_that_no_path_has_leads_nowhere(string name) => Assert.Null(ToolName.PathOf(name));

    [Fact]
    public void No_two_paths_of_few_letters_have_the_same_name()
    {
        string[] letters = ["a", "_", "/", "-"];
        var paths = letters.AsEnumerable();
        for (var length = 2; length <= 6; length++)
        {
            paths = [.. paths, .. paths.Where(path => path.Length == length - 1).SelectMany(path => letters.Select(more => path + more))];
        }

        var named = paths.Select(path => (Path: path, Name: ToolName.Of(path))).Where(pair => pair.Name is not null).ToList();
        Assert.True(named.Count > 100);
        Assert.Equal(named.Count, named.Select(pair => pair.Name).Distinct().Count());
        Assert.All(named, pair => Assert.Equal(pair.Path, ToolName.PathOf(pair.Name!)));
    }
}
