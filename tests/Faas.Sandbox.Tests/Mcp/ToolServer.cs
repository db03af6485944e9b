using System.Net;

namespace Faas.Sandbox.Tests.Mcp;

/// <summary>
/// Two servers with the same tools: one that asks for a key, and one without keys. The conformance suite names most of the tools.
/// </summary>
public sealed class ToolServer : IAsyncLifetime
{
    /// <summary>The key of the first one.</summary>
    public const string Key = "clients-0123456789abcdef";

    private const string Admin = "admin-0123456789abcdef";

    private static readonly (string Path, string Language, string Code, object Schema)[] s_tools =
    [
        ("json_schema_2020_12_tool", "python", "return 1", new Dictionary<string, object>
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["type"] = "object",
            ["$defs"] = new { address = new { type = "object", properties = new { street = new { type = "string" } } } },
            ["properties"] = new Dictionary<string, object>
            {
                ["name"] = new { type = "string" },
                ["address"] = new Dictionary<string, object> { ["$ref"] = "#/$defs/address" },
            },
            ["additionalProperties"] = false,
        }),
        ("math/add", "python", "return {'sum': event['a'] + event['b']}", new
        {
            type = "object",
            properties = new { a = new { type = "number" }, b = new { type = "number" } },
            required = new[] { "a", "b" },
        }),
        ("sleeping", "python", "import time\ntime.sleep(600)", new { type = "object" }),
        ("test_audio_content", "javascript", "return new Blob(['RIFF'], { type: 'audio/wav' })", new { type = "object" }),
        ("test_error_handling", "python", "raise ValueError('intentionally')", new { type = "object" }),
        ("test_image_content", "javascript", "return new Blob(['PNG'], { type: 'image/png' })", new { type = "object" }),
        ("test_simple_text", "python", "return 'This is a simple text response for testing.'", new { type = "object" }),
        ("test_tool_with_progress", "python",
            "import time\nfor done in (0, 50, 100):\n    print(done, flush=True)\n    time.sleep(0.05)\nreturn 'done'",
            new { type = "object" }),
    ];

    /// <summary>What the tools are called, by path.</summary>
    public static IEnumerable<string> Names => s_tools.Select(tool => tool.Path.Replace("/", "__", StringComparison.Ordinal));

    /// <summary>Asks for <see cref="Key"/>.</summary>
    public FaasServer Server { get; private set; } = null!;

    /// <summary>Asks for no key.</summary>
    public FaasServer Open { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Open = await FaasServer.StartAsync();
        Server = await FaasServer.StartAsync($"faas.http.api-keys = [\"clients:invoke+execute:{Key}\", \"root:admin:{Admin}\"]");
        Server.Client.DefaultRequestHeaders.Add("X-Api-Key", Admin);
        foreach (var server in new[] { Open, Server })
        {
            foreach (var (path, language, code, inputSchema) in s_tools)
            {
                using var response = await server.PostAsync(
                    "/upload", new { path, language, code, tool = true, description = $"The tool {path}.", inputSchema });
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }

            await Eventually.HoldsAsync(
                async () => (await new McpClient(server.Client).NamesAsync()).Count == s_tools.Length + 1,
                TimeSpan.FromSeconds(20),
                () => server.Log);
        }
    }

    public async Task DisposeAsync()
    {
        await Open.EndAsync();
        await Server.EndAsync();
    }
}
