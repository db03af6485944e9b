using System.Net;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key under <c>faas.mcp</c> does.</summary>
public sealed class McpSettingTests
{
    [Fact]
    [Proves("mcp.enabled")]
    public async Task Enabled_says_whether_there_are_tools_for_models()
    {
        await using var server = await FaasServer.StartAsync("faas.mcp.enabled = false");
        using var response = await new McpClient(server.Client).PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        await server.EndAsync();
    }

    [Fact]
    [Proves("mcp.page-size")]
    public async Task Page_size_is_how_many_scripts_a_page_of_the_list_has()
    {
        await using var server = await FaasServer.StartAsync("faas.mcp.page-size = 2");
        foreach (var path in new[] { "a", "b", "c" })
        {
            using var uploaded = await server.PostAsync("/upload", new { path, language = "python", code = "return 1", tool = true });
            Assert.Equal(HttpStatusCode.OK, uploaded.StatusCode);
        }

        var client = new McpClient(server.Client);
        List<string> first = [], second = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                var (names, cursor) = await PageAsync(client, new { });
                (first, second) = (names, cursor is null ? [] : (await PageAsync(client, new { cursor })).Names);
                return second.Count > 0;
            },
            TimeSpan.FromSeconds(20),
            () => string.Join(',', first));
        Assert.Equal(["run_code", "a", "b"], first);
        Assert.Equal(["c"], second);
        await server.EndAsync();
    }

    private static async Task<(List<string> Names, string? Cursor)> PageAsync(McpClient client, object parameters)
    {
        var page = (await client.SendAsync("tools/list", parameters)).GetProperty("result");
        return (
            [.. page.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!)],
            page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null);
    }
}
