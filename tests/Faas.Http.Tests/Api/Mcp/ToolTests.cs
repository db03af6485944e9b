using System.Text.Json;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Mcp;

public sealed class ToolTestsOnTheEmbeddedStore(ScriptServerOnTheEmbeddedStore server)
    : ToolTests(server), IClassFixture<ScriptServerOnTheEmbeddedStore>;

public sealed class ToolTestsOnRedis(ScriptServerOnRedis server) : ToolTests(server), IClassFixture<ScriptServerOnRedis>;

/// <summary>Scripts that are tools, on a real store.</summary>
public abstract class ToolTests(ScriptServer server)
{
    private const string Schema = """{"type":"object","properties":{"a":{"type":"number"}},"required":["a"]}""";
    private readonly string _path = $"t{Guid.NewGuid():N}/add";

    private string Name => _path.Replace("/", "__", StringComparison.Ordinal);

    private string Script => $"/api/v1/scripts/{Uri.EscapeDataString(_path)}";

    [Fact]
    public async Task A_script_is_a_tool_from_its_upload_until_a_version_that_is_none()
    {
        await server.UploadAsync($"{_path}-none", "return 1");
        await server.UploadAsync(_path, "return 1", more: $$""", "tool": true, "description": "Adds.", "inputSchema": {{Schema}}""");

        var tool = await ListedAsync();
        Assert.Equal(
            ("Adds.", Schema, _path),
            (
                tool.GetProperty("description").GetString(),
                tool.GetProperty("inputSchema").GetRawText(),
                tool.GetProperty("title").GetString()));
        Assert.DoesNotContain(await AllAsync(), other => other.GetProperty("name").GetString() == $"{Name}-none");
        Assert.Equal("42", TextOf(await new McpClient(server.Client).CallAsync(Name, new { a = 1 })));
        var settings = (await server.GetAsync($"{Script}/versions/latest")).GetProperty("settings");
        Assert.Equal((true, Schema), (settings.GetProperty("tool").GetBoolean(), settings.GetProperty("inputSchema").GetRawText()));

        await server.UploadAsync(_path, "return 1");
        await NotListedAsync();
        Assert.Equal(-32602, await ErrorAsync());
    }

    [Fact]
    public async Task A_disabled_tool_is_not_listed_and_an_enabled_one_is_again()
    {
        await server.UploadAsync(_path, "return 1", more: """, "tool": true""");
        await ListedAsync();

        using var disabled = await server.SendAsync("PATCH", Script, """{"enabled": false}""");
        await NotListedAsync();
        var result = await new McpClient(server.Client).CallAsync(Name);
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Contains("\"disabled\"", TextOf(result), StringComparison.Ordinal);

        using var enabled = await server.SendAsync("PATCH", Script, """{"enabled": true}""");
        await ListedAsync();
    }

    [Fact]
    public async Task A_deleted_tool_is_gone()
    {
        await server.UploadAsync(_path, "return 1", more: """, "tool": true""");
        await ListedAsync();
        using var deleted = await server.SendAsync("DELETE", Script);
        await NotListedAsync();
        Assert.Equal(-32602, await ErrorAsync());
    }

    [Fact]
    public async Task Another_schema_is_another_version_and_the_same_one_with_other_white_space_is_not()
    {
        var first = await server.UploadAsync(_path, "return 1", more: $$""", "tool": true, "inputSchema": {{Schema}}""");
        var spaced = Schema.Replace(":", " : ", StringComparison.Ordinal);
        Assert.Equal(first, await server.UploadAsync(_path, "return 1", more: $$""", "tool": true, "inputSchema": {{spaced}}"""));
        Assert.NotEqual(first, await server.UploadAsync(_path, "return 1", more: """, "tool": true, "inputSchema": {"type": "object"}"""));
    }

    [Theory]
    [InlineData("a", "\"tool\": 1", "\"tool\" must be true or false, not a number.")]
    [InlineData("a", "\"inputSchema\": {\"type\": \"object\"}", "\"inputSchema\" is for tools; it needs \"tool\": true.")]
    [InlineData("a", "\"tool\": true, \"inputSchema\": \"{}\"", "\"inputSchema\" must be a JSON schema, which is an object.")]
    [InlineData("a", "\"tool\": true, \"inputSchema\": {}",
        "\"inputSchema\" must have \"type\": \"object\", because a tool's input is an object.")]
    [InlineData("a", "\"tool\": true, \"inputSchema\": {\"type\": \"object\", \"type\": \"object\"}",
        "\"inputSchema\" has a name twice in one object, or is nested deeper than 32 levels.")]
    [InlineData("run_code", "\"tool\": true", "\"tool\" is true, but the path \"run_code\" is the name of another tool.")]
    [InlineData("a__b", "\"tool\": true", "\"tool\" is true, but the path \"a__b\" has no tool name: its segments must have letters, "
        + "digits, - and single _ between them, and the name, which has __ for each slash, at most 64 characters.")]
    public async Task What_no_tool_can_be_is_refused_at_the_upload(string path, string settings, string detail)
    {
        using var response = await server.SendAsync(
            "POST", "/upload", $$"""{"path": "{{path}}", "language": "python", "code": "1", {{settings}}}""");
        Assert.Equal(detail, await response.ProblemAsync(400, "malformed"));
    }

    private async Task<JsonElement> ListedAsync()
    {
        JsonElement? tool = null;
        await Eventually.HoldsAsync(async () => (tool = await FindAsync()) is not null, TimeSpan.FromSeconds(20), () => "not listed");
        return tool!.Value;
    }

    private Task NotListedAsync() =>
        Eventually.HoldsAsync(async () => await FindAsync() is null, TimeSpan.FromSeconds(20), () => "still listed");

    private async Task<JsonElement?> FindAsync() =>
        (await AllAsync()).Where(tool => tool.GetProperty("name").GetString() == Name).Select(tool => (JsonElement?)tool).SingleOrDefault();

    private async Task<IReadOnlyList<JsonElement>> AllAsync()
    {
        var result = (await new McpClient(server.Client).SendAsync("tools/list")).GetProperty("result");
        return [.. result.GetProperty("tools").EnumerateArray()];
    }

    private async Task<int> ErrorAsync() => (await new McpClient(server.Client).SendAsync("tools/call", new { name = Name }))
        .GetProperty("error").GetProperty("code").GetInt32();

    private static string TextOf(JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString()!;
}
