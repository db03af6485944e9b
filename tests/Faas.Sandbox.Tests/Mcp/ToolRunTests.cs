using System.Net;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Mcp;

/// <summary>Tools in real sandboxes.</summary>
[Collection(nameof(SharedServer))]
public sealed class ToolRunTests(SharedServer shared)
{
    private const string Endless = "import subprocess\nprint('begun', flush=True)\nsubprocess.run(['sleep', '1000'])";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancelled_call_leaves_no_process(bool withProgress)
    {
        var client = new McpClient(shared.Server.Client);
        await client.InitializeAsync();
        object call = withProgress
            ? new { name = "run_code", arguments = new { language = "python", code = Endless }, _meta = new { progressToken = 1 } }
            : new { name = "run_code", arguments = new { language = "python", code = Endless } };
        var answer = client.SendAsync("tools/call", call);
        await SleepsAsync();

        await client.CancelAsync(client.LastId);

        Assert.True((await answer).GetProperty("result").GetProperty("isError").GetBoolean());
        await shared.Server.IsAtRestAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_leaves_no_process(bool withProgress)
    {
        using var leaving = new HttpClient { BaseAddress = shared.Server.Address };
        var client = new McpClient(leaving);
        object call = withProgress
            ? new { name = "run_code", arguments = new { language = "python", code = Endless }, _meta = new { progressToken = 1 } }
            : new { name = "run_code", arguments = new { language = "python", code = Endless } };
        using var response = await client.PostAsync(client.Request("tools/call", call));
        await SleepsAsync();

        leaving.CancelPendingRequests();
        response.Dispose();
        leaving.Dispose();

        await shared.Server.IsAtRestAsync();
    }

    [Fact]
    public async Task A_tool_prints_while_it_runs_and_its_image_is_an_image()
    {
        using var uploaded = await shared.Server.PostAsync("/upload", new
        {
            path = "tools/draw",
            language = "javascript",
            code = "console.log(event.what)\nreturn new Blob([new Uint8Array([1, 2, 255])], { type: 'image/png' })",
            tool = true,
        });
        Assert.Equal(HttpStatusCode.OK, uploaded.StatusCode);

        var messages = await new McpClient(shared.Server.Client).AllAsync(
            "tools/call", new { name = "tools__draw", arguments = new { what = "a dot" }, _meta = new { progressToken = "t" } });

        Assert.Equal("a dot", messages[0].GetProperty("params").GetProperty("message").GetString());
        Assert.Equal(
            """[{"type":"image","data":"AQL/","mimeType":"image/png"}]""",
            JsonSerializer.Serialize(messages[^1].GetProperty("result").GetProperty("content"), s_plain));
    }

    private static readonly JsonSerializerOptions s_plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private Task SleepsAsync() => Eventually.HoldsAsync(
        () => shared.Server.Processes().Any(process => process.Name == "sleep"), TimeSpan.FromSeconds(30), () => "no script has started");
}
