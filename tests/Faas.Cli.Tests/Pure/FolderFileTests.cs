using Faas.Cli.Output;
using Faas.Cli.Sources;

namespace Faas.Cli.Tests.Pure;

public sealed class FolderFileTests
{
    [Fact]
    public void A_script_has_the_defaults_and_what_is_its_own()
    {
        var file = FolderFile.Parse(
            """{"path": "math/", "defaults": {"cpus": 1, "pids": 9}, /* why */ "scripts": {"a.py": {"cpus": 2}},}""", "faas.json");
        Assert.Equal("""{"cpus":2,"pids":9}""", file.MembersOf("a.py").ToJsonString());
        Assert.Equal("""{"cpus":1,"pids":9}""", file.MembersOf("b.py").ToJsonString());
        Assert.Equal("math/a", file.PathOf("x/a.py"));
        Assert.Null(FolderFile.None.PathOf("x/a.py"));
    }

    [Theory]
    [InlineData("[]", "faas.json must be a JSON object.")]
    [InlineData("{", "faas.json is no JSON: ")]
    [InlineData("""{"default": {}}""", "faas.json: \"default\" is not known; did you mean defaults?")]
    [InlineData("""{"defaults": 1}""", "faas.json: \"defaults\" is 1; allowed is a JSON object.")]
    [InlineData("""{"scripts": {"a.py": 1}}""", "faas.json: \"a.py\" is 1; allowed is a JSON object.")]
    [InlineData("""{"defaults": {"path": "a"}}""", "faas.json: \"defaults\" has a \"path\"")]
    [InlineData("""{"path": 1}""", "faas.json: \"path\" is 1; allowed is the path of a script's folder.")]
    public void What_makes_no_sense_is_named(string text, string said)
    {
        var wrong = Assert.Throws<CliException>(() =>
        {
            var file = FolderFile.Parse(text, "faas.json");
            file.MembersOf("a.py");
            file.PathOf("a.py");
        });
        Assert.StartsWith(said, wrong.Message, StringComparison.Ordinal);
    }
}
