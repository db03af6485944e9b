using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Cli.Sources;

namespace Faas.Cli.Tests.Pure;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Every_setting_is_read_in_the_forms_that_the_server_takes()
    {
        const string members = """
            {"path": "a/b", "isolation": "shared", "concurrency": 3, "minWarm": 1, "handler": "main", "public": true, "timeout": "1.5m",
             "memory": "64M", "cpus": 0.5, "pids": 20, "tmpSize": 65536, "image": "data", "env": {"A": "1"}, "secrets": ["S"], "sealed": {"K": ["a.example:80"]}, "secretsInEnv": true,
             "description": "d", "labels": {"l": "x"}, "tool": true, "inputSchema": {"type": "object"},
             "retry": {"attempts": 3, "on": ["oom"], "delay": "250ms", "maxDelay": 60}, "keep": false, "retention": {"count": 5, "age": "7d"},
             "network": {"allow": ["api.example.com:443", "*.example.org"]}}
            """;
        var (path, settings) = SettingsReader.Read(JsonNode.Parse(members)!.AsObject(), "f");
        Assert.Equal("a/b", path);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"isolation": "shared", "concurrency": 3, "minWarm": 1, "handler": "main", "public": true, "timeout": 90,
                 "memory": 67108864, "cpus": 0.5, "pids": 20, "tmpSize": 65536, "image": "data", "env": {"A": "1"}, "secrets": ["S"], "sealed": {"K": ["a.example:80"]}, "secretsInEnv": true,
                 "description": "d", "labels": {"l": "x"}, "tool": true, "inputSchema": {"type": "object"},
                 "retry": {"attempts": 3, "on": ["oom"], "delay": 0.25, "maxDelay": 60}, "keep": false, "retention": {"count": 5, "age": 604800},
                 "network": {"allow": ["api.example.com:443", "*.example.org"]}}
                """),
            settings.ToJson()), settings.ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("""{"timeout": "5x"}""", "f: \"timeout\" is \"5x\"; allowed is a number of seconds, or a text with a unit such as 250ms, 30s, 5m, 1h.")]
    [InlineData("""{"timeout": true}""", "f: \"timeout\" is true; allowed is a number of seconds, or a text with a unit such as 250ms, 30s, 5m, 1h.")]
    [InlineData("""{"memory": {}}""", "f: \"memory\" is {}; allowed is a number of bytes, or a text with a unit such as 512k, 64M, 1.5G.")]
    [InlineData("""{"pids": 1.5}""", "f: \"pids\" is 1.5; allowed is a whole number.")]
    [InlineData("""{"env": {"A": 1}}""", "f: \"env\" is {\"A\":1}; allowed is an object of texts.")]
    [InlineData("""{"secrets": "A"}""", "f: \"secrets\" is \"A\"; allowed is an array of names.")]
    [InlineData("""{"network": ["a"]}""", "f: \"network\" is [\"a\"]; allowed is an object with an array of hosts, {\"allow\": [\"api.example.com:443\"]}.")]
    [InlineData("""{"network": {"allow": [1]}}""", "f: \"network\" is {\"allow\":[1]}; allowed is an object with an array of hosts, {\"allow\": [\"api.example.com:443\"]}.")]
    [InlineData("""{"sealed": {"K": "a"}}""", "f: \"sealed\" is {\"K\":\"a\"}; allowed is an object with an array of hosts for each secret, {\"API_KEY\": [\"api.example.com:80\"]}.")]
    [InlineData("""{"retry": {"times": 3}}""", "f: \"retry\" is {\"times\":3}; allowed is an object with \"attempts\", and perhaps \"on\", \"delay\" and \"maxDelay\".")]
    [InlineData("""{"retry": {"attempts": 3, "delay": "x"}}""", "f: \"retry.delay\" is \"x\"; allowed is a number of seconds, or a text with a unit such as 250ms, 30s, 5m, 1h.")]
    [InlineData("""{"retention": {"count": "5"}}""", "f: \"retention\" is {\"count\":\"5\"}; allowed is an object with a whole number, an age or both, {\"count\": 100, \"age\": \"7d\"}.")]
    [InlineData("""{"retention": {"days": 5}}""", "f: \"retention\" is {\"days\":5}; allowed is an object with a whole number, an age or both, {\"count\": 100, \"age\": \"7d\"}.")]
    [InlineData("""{"inputSchema": []}""", "f: \"inputSchema\" is []; allowed is a JSON object.")]
    [InlineData("""{"Public": true}""", "f: \"Public\" is not known; did you mean public?")]
    public void What_is_none_is_named_with_what_is_allowed(string members, string said) => Assert.Equal(
        said, Assert.Throws<CliException>(() => SettingsReader.Read(JsonNode.Parse(members)!.AsObject(), "f")).Message);

    [Fact]
    public void A_member_that_is_null_says_nothing() =>
        Assert.Equal("{}", SettingsReader.Read(JsonNode.Parse("""{"cpus": null, "path": null}""")!.AsObject(), "f").Settings.ToJson().ToJsonString());
}
