using System.Text.Json;

namespace Faas.Sandbox.Tests.Mcp;

/// <summary>
/// Clients that others have made drive a real server, unmodified: the inspector of the protocol's makers, mcporter, and the scenarios of
/// the conformance suite that concern a server of tools.
/// </summary>
public sealed class ForeignClientTests(ToolServer server) : IClassFixture<ToolServer>
{
    private string Url => new Uri(server.Server.Address, "/mcp").ToString();

    [Fact]
    [TestLimit(400)]
    public async Task The_inspector_lists_and_calls_with_a_key()
    {
        var tools = await InspectAsync("--method", "tools/list");
        Assert.Equal(
            ["run_code", .. ToolServer.Names],
            tools.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!));

        var result = await InspectAsync("--method", "tools/call", "--tool-name", "math__add", "--tool-arg", "a=1", "--tool-arg", "b=2");
        Assert.Equal(3, result.GetProperty("structuredContent").GetProperty("sum").GetInt32());

        var ofCode = await InspectAsync(
            "--method", "tools/call", "--tool-name", "run_code",
            "--tool-arg", "language=python", "--tool-arg", "code=print('hi')\nreturn [1]");
        Assert.Equal("""{"reason":"ok","result":[1],"logs":"hi\n"}""", JsonSerializer.Serialize(ofCode.GetProperty("structuredContent")));
    }

    [Fact]
    [TestLimit(400)]
    public async Task Mcporter_lists_and_calls_with_a_key()
    {
        // Its URL on the command line takes no header, so it gets a file, as its users write it.
        var folder = Directory.CreateTempSubdirectory("faas-mcporter-");
        var config = Path.Combine(folder.FullName, "mcporter.json");
        var headers = new Dictionary<string, string> { ["X-Api-Key"] = ToolServer.Key };
        var entry = new { mcpServers = new { faas = new { url = Url, headers } } };
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(entry));

        var (listed, tools, whyNotListed) = await ForeignClient.RunAsync("mcporter", "--config", config, "list", "faas", "--json");
        var (called, result, whyNotCalled) = await ForeignClient.RunAsync(
            "mcporter", "--config", config, "call", "faas.math__add", "a:1", "b:2", "--output", "json");
        folder.Delete(recursive: true);

        Assert.True(listed == 0 && tools.Contains("\"math__add\"", StringComparison.Ordinal), tools + whyNotListed);
        Assert.True(called == 0 && result.Contains("\"sum\": 3", StringComparison.Ordinal), result + whyNotCalled);
    }

    [Fact]
    [TestLimit(400)]
    public async Task The_sdk_calls_tools_as_tasks()
    {
        var (exitCode, output, errors) = await ForeignClient.ScriptAsync("tasks.mjs", Url, ToolServer.Key);
        Assert.True(exitCode == 0, output + errors);
        using var document = JsonDocument.Parse(output);
        var seen = document.RootElement;
        Assert.Equal(
            ["[\"run_code\",\"forbidden\"]", .. ToolServer.Names.Select(name => $"[\"{name}\",\"optional\"]")],
            seen.GetProperty("support").EnumerateArray().Select(tool => tool.GetRawText()));

        var added = seen.GetProperty("added").EnumerateArray().ToList();
        Assert.Equal(("taskCreated", "working", 60_000), (
            added[0].GetProperty("type").GetString(), added[0].GetProperty("status").GetString(), added[0].GetProperty("ttl").GetInt64()));
        Assert.Equal(("completed", """{"type":"result","result":{"sum":3}}"""), (
            added[^2].GetProperty("status").GetString(), added[^1].GetRawText()));
        var broken = seen.GetProperty("broken").EnumerateArray().ToList();
        Assert.Equal(("failed", "error"), (broken[^2].GetProperty("status").GetString(), broken[^1].GetProperty("type").GetString()));

        Assert.Equal("cancelled", seen.GetProperty("cancelled").GetString());
        Assert.Contains("\"cancelled\"", seen.GetProperty("told").GetString(), StringComparison.Ordinal);
        Assert.True(seen.GetProperty("related").GetBoolean());
        Assert.Equal("""["cancelled","failed","completed"]""", seen.GetProperty("listed").GetRawText());
        Assert.Equal("-32602", seen.GetProperty("again").GetRawText());
        Assert.DoesNotContain(server.Server.Processes(), process => process.IsOfInvocation);
    }

    [Theory]
    [TestLimit(400)]
    [InlineData("server-initialize")]
    [InlineData("ping")]
    [InlineData("logging-set-level")]
    [InlineData("tools-list")]
    [InlineData("tools-call-simple-text")]
    [InlineData("tools-call-image")]
    [InlineData("tools-call-audio")]
    [InlineData("tools-call-error")]
    [InlineData("tools-call-with-progress")]
    [InlineData("json-schema-2020-12")]
    [InlineData("server-sse-multiple-streams")]
    [InlineData("dns-rebinding-protection")]
    public async Task The_conformance_suite_passes(string scenario)
    {
        // The suite sends no key; a server without keys also checks Host and Origin as the last scenario wants it.
        var url = new Uri(server.Open.Address, "/mcp").ToString().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        var (exitCode, output, errors) = await ForeignClient.RunAsync("conformance", "server", "--url", url, "--scenario", scenario);
        Assert.True(exitCode == 0 && output.Contains(" 0 failed", StringComparison.Ordinal), output + errors);
    }

    private async Task<JsonElement> InspectAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await ForeignClient.RunAsync(
            "inspector", ["--cli", Url, "--transport", "http", "--header", $"X-Api-Key: {ToolServer.Key}", .. arguments]);
        Assert.True(exitCode == 0, output + errors);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
