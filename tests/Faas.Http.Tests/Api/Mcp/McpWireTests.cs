using System.Net;
using System.Text;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Http.Access;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Mcp;

/// <summary>What <c>/mcp</c> does with what clients send: sessions, pages, keys, origins, and bytes that make no sense.</summary>
public sealed class McpWireTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":""";

    [Fact]
    public async Task A_client_begins_and_each_gets_a_session_of_its_own()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var (one, other) = (new McpClient(faas.Client), new McpClient(faas.Client));

        var server = await one.InitializeAsync();
        await other.InitializeAsync();

        Assert.Equal(
            ("2025-11-25", "faas"),
            (server.GetProperty("protocolVersion").GetString(), server.GetProperty("serverInfo").GetProperty("name").GetString()));
        Assert.True(server.GetProperty("capabilities").TryGetProperty("tools", out _));
        Assert.True(one.Session!.Length >= 22);
        Assert.NotEqual(one.Session, other.Session);
        Assert.Equal(["run_code"], await one.NamesAsync());
    }

    [Fact]
    public async Task A_client_of_the_next_protocol_needs_no_session()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        const string meta =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";
        using var response = await new McpClient(faas.Client).PostAsync(
            Call + "{\"name\":\"run_code\",\"arguments\":{\"language\":\"python\",\"code\":\"1\"}," + meta + "}}",
            [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", "run_code")]);

        var result = (await McpClient.MessagesAsync(response)).Single().GetProperty("result");

        Assert.False(response.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal(42, result.GetProperty("structuredContent").GetProperty("result").GetInt32());
    }

    [Theory]
    [InlineData("", 400, null)]
    [InlineData("nonsense", 400, null)]
    [InlineData("[" + Ping + "]", 400, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", 400, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pingg\"}", 200, -32601)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/list\"}", 200, -32601)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"cursor\":\"bm8\"}}", 200, -32602)]
    [InlineData(Call + "{}}", 200, -32602)]
    [InlineData(Call + "{\"name\":7}}", 200, -32602)]
    [InlineData(Call + "[]}", 200, -32602)]
    [InlineData(Call + "{\"name\":\"run_code\",\"arguments\":[]}}", 200, -32602)]
    [InlineData(Call + "{\"name\":\"run_code\",\"arguments\":\"{}\"}}", 200, -32602)]
    [InlineData(Call + "{\"name\":\"\\ud800\"}}", 400, null)]
    [InlineData(Call + "{\"name\":\"run_code\",\"arguments\":{\"input\":{\"a\":[\"\\ud800\"]}}}}", 400, null)]
    [InlineData(Call + "{\"name\":\"run_code\",\"arguments\":{\"\\udc00\":1}}}", 400, null)]
    public async Task What_is_no_message_is_refused_and_runs_nothing(string body, int status, int? code)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await new McpClient(faas.Client).PostAsync(body);
        var text = await response.Content.ReadAsStringAsync();

        Assert.True(status == (int)response.StatusCode, text);
        Assert.True(code is null || text.Contains($"\"code\":{code}", StringComparison.Ordinal), text);
        Assert.Empty(faas.Pool.Rest());
    }

    [Fact]
    public async Task A_body_is_bounded_in_size_and_depth_must_be_UTF_8_and_say_that_it_is_JSON()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http with { MaxRequestBytes = 10_000 });
        var client = new McpClient(faas.Client);
        using var large = await client.PostAsync($"{Call}{{\"name\":\"{new string('a', 10_000)}\"}}}}");
        await large.ProblemAsync(413, "too_large");
        using var deep = await client.PostAsync(
            $"{Call}{{\"name\":\"run_code\",\"arguments\":{{\"input\":{new string('[', 70)}{new string(']', 70)}}}}}}}");
        Assert.Equal(HttpStatusCode.BadRequest, deep.StatusCode);
        using var noText = await faas.PostAsync("/mcp", [.. Encoding.UTF8.GetBytes(Ping), 0xFF]);
        await noText.ProblemAsync(400, "malformed");
        foreach (var type in new[] { null, "text/plain", "application/x-www-form-urlencoded" })
        {
            using var other = await faas.PostAsync("/mcp", Encoding.UTF8.GetBytes(Ping), type);
            await other.ProblemAsync(415, "media_type");
        }

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            using var notPost = await faas.Client.SendAsync(new HttpRequestMessage(method, "/mcp"));
            await notPost.ProblemAsync(405, "method");
        }

        Assert.Empty(faas.Pool.Rest());
    }

    [Theory]
    [InlineData(false, "http://localhost:3000", 200)]
    [InlineData(false, "https://evil.example", 403)]
    [InlineData(false, "null", 403)]
    [InlineData(true, "https://app.example", 200)]
    [InlineData(true, "https://evil.example", 403)]
    [InlineData(true, "null", 403)]
    public async Task A_page_of_another_site_is_refused_with_and_without_keys(bool keys, string origin, int status)
    {
        var sites = new AllowedOrigins(new HashSet<string> { "https://app.example" }, Any: false);
        await using var faas = await FaasUnderTest.StartAsync(
            http => keys ? http.WithKeys().With(access => access with { Origins = sites }) : http);
        (string, string)[] headers = [("Origin", origin), .. keys ? [("X-Api-Key", Keys.Admin)] : Array.Empty<(string, string)>()];
        using var response = await new McpClient(faas.Client).PostAsync(Ping, headers);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(Keys.Execute, "run_code")]
    [InlineData(Keys.Invoke, "math__add")]
    [InlineData(Keys.Admin, "run_code,math__add")]
    public async Task A_key_lists_and_calls_what_its_scopes_open(string key, string tools)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        OfferMathAdd(faas);
        faas.Client.DefaultRequestHeaders.Add("X-Api-Key", key);
        var client = new McpClient(faas.Client);

        Assert.Equal(tools, string.Join(',', await client.NamesAsync()));
        foreach (var name in new[] { "run_code", "math__add" })
        {
            var reply = await client.SendAsync("tools/call", new { name, arguments = new { language = "python", code = "return 42" } });
            Assert.Equal(tools.Split(',').Contains(name), reply.TryGetProperty("result", out _));
        }
    }

    [Fact]
    public async Task A_key_with_path_prefixes_lists_and_calls_the_scripts_under_them()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            http => http.WithKeys("team:invoke@math:team-0123456789ab", "jobs:invoke@jobs:jobs-0123456789ab"));
        OfferMathAdd(faas);
        faas.Client.DefaultRequestHeaders.Add("X-Api-Key", "jobs-0123456789ab");
        Assert.Empty(await new McpClient(faas.Client).NamesAsync());
        var other = await new McpClient(faas.Client).SendAsync("tools/call", new { name = "math__add" });
        Assert.Equal("Unknown tool: \"math__add\"", other.GetProperty("error").GetProperty("message").GetString());
        Assert.Empty(faas.Pool.Rest());

        faas.Client.DefaultRequestHeaders.Remove("X-Api-Key");
        faas.Client.DefaultRequestHeaders.Add("X-Api-Key", "team-0123456789ab");
        Assert.Equal(["math__add"], await new McpClient(faas.Client).NamesAsync());
        var result = await new McpClient(faas.Client).CallAsync("math__add");
        Assert.Equal("42", result.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Without_a_key_or_with_one_of_another_scope_nothing_is_answered()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var none = await new McpClient(faas.Client).PostAsync(Ping);
        await none.ProblemAsync(401, "unauthorized");
        using var other = await new McpClient(faas.Client).PostAsync(Ping, [("X-Api-Key", Keys.Write)]);
        Assert.Equal(
            "The key \"author\" has none of the scopes invoke, execute.", await other.ProblemAsync(403, "forbidden"));
    }

    [Fact]
    public async Task Requests_count_against_the_rate_limit()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            http => http.With(access => access with { RateLimit = new RateLimit(0.01, 1) }));
        using var first = await new McpClient(faas.Client).PostAsync(Ping);
        using var second = await new McpClient(faas.Client).PostAsync(Ping);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task The_list_comes_in_pages_and_shows_what_the_author_said()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            options: options => options with { Mcp = options.Mcp with { PageSize = 1 } });
        var settings = new ScriptSettings
        {
            Tool = true,
            Description = "Adds.",
            InputSchema = JsonSchema.Of("{\"type\":\"object\",\"x\":1}", out _),
        };
        faas.Catalog.Page = query => query switch
        {
            { ToolsOnly: true, Most: 1, After: null } => new CatalogPage([Line("a/b", settings)], "a/b"),
            { ToolsOnly: true, Most: 1, After: "a/b" } => new CatalogPage([Line("c", new ScriptSettings { Tool = true })], null),
            _ => throw new InvalidOperationException($"{query}"),
        };
        var client = new McpClient(faas.Client);

        var first = (await client.SendAsync("tools/list")).GetProperty("result");
        var cursor = first.GetProperty("nextCursor").GetString();
        var second = (await client.SendAsync("tools/list", new { cursor })).GetProperty("result");

        Assert.Equal("run_code", first.GetProperty("tools")[0].GetProperty("name").GetString());
        Assert.Equal(
            """{"name":"a__b","title":"a/b","description":"Adds.","inputSchema":{"type":"object","x":1}}""",
            first.GetProperty("tools")[1].GetRawText());
        Assert.Equal(
            """[{"name":"c","title":"c","description":"Runs the script c.","inputSchema":{"type":"object"}}]""",
            second.GetProperty("tools").GetRawText());
        Assert.False(second.TryGetProperty("nextCursor", out _));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_an_error_of_the_server()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Catalog.Page = _ => throw new StoreException("The store does not answer.");
        var error = (await new McpClient(faas.Client).SendAsync("tools/list")).GetProperty("error");
        Assert.Equal(
            (-32603, "The store does not answer."), (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task A_call_has_its_line_in_the_log_without_its_arguments()
    {
        using var log = new CapturedLog();
        await using var faas = await FaasUnderTest.StartAsync(log: log);
        OfferMathAdd(faas);
        await new McpClient(faas.Client).CallAsync("math__add", new { secret = "not-in-the-log" });

        var line = (await log.NextAsync("CallLog")).Text;
        Assert.StartsWith("POST /mcp 200 reason=ok ", line, StringComparison.Ordinal);
        Assert.Contains(" path=math/add version=1739000000 ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("not-in-the-log", line, StringComparison.Ordinal);
    }

    private static void OfferMathAdd(FaasUnderTest faas)
    {
        var tool = new ScriptSettings { Tool = true };
        faas.Catalog.Page = query => new CatalogPage(query.Includes("math/add") ? [Line("math/add", tool)] : [], null);
        faas.Registry.Answer = message => message is GetVersion { Path: "math/add" }
            ? new VersionFound("math/add", FaasUnderTest.Version with { Settings = tool })
            : FaasUnderTest.AnswerOfRegistry(message);
    }

    private static ScriptSummary Line(string path, ScriptSettings settings) =>
        new(path, FaasUnderTest.Version with { Settings = settings }, 1);
}
