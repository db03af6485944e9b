using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Cli.Sources;

namespace Faas.Cli.Tests.Pure;

public sealed class HeaderCommentTests
{
    [Theory]
    [InlineData("# faas: timeout = 30s\nreturn 1", """{"timeout":"30s"}""")]
    [InlineData("#!/usr/bin/env python3\n\n# Adds.\n#faas:timeout=30\n# faas: env = {\"A\": \"b=c\"}\n\nreturn 1", """{"timeout":30,"env":{"A":"b=c"}}""")]
    [InlineData("# faas: description = 42\n# faas: handler = true", """{"description":"42","handler":"true"}""")]
    [InlineData("# faas: description = \"two\\nlines\"", """{"description":"two\nlines"}""")]
    [InlineData("# faas: secrets = [\"A\"]\r\n# faas: public = true\r\n", """{"secrets":["A"],"public":true}""")]
    [InlineData("x = 1\n# faas: timeout = 30s", "{}")]
    [InlineData("// faas: timeout = 30s", "{}")]
    [InlineData("", "{}")]
    public void Members_stand_in_the_comments_at_the_beginning(string code, string members) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(members), HeaderComment.Read(code, hash: true, "a.py")));

    [Fact]
    public void In_JavaScript_comments_begin_with_slashes() =>
        Assert.Equal("""{"cpus":0.5}""", HeaderComment.Read("#!/usr/bin/node\n// faas: cpus = 0.5\nreturn 1", hash: false, "a.js").ToJsonString());

    [Theory]
    [InlineData("# faas: timeout", "a.py:1: \"faas: timeout\" is no setting; write \"faas: timeout = 30s\", for example.")]
    [InlineData("# faas: timeout =", "a.py:1: \"faas: timeout =\" is no setting; write \"faas: timeout = 30s\", for example.")]
    [InlineData("\n# faas: cpus = 1\n# faas: cpus = 2", "a.py:3: \"cpus\" is set a second time.")]
    public void What_is_no_member_is_refused_with_its_line(string code, string said) =>
        Assert.Equal(said, Assert.Throws<CliException>(() => HeaderComment.Read(code, hash: true, "a.py")).Message);
}
