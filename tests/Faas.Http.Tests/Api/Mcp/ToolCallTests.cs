using System.Text;
using System.Text.Json;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Mcp;

/// <summary>Calls of tools over real sockets; the pool answers as the test says.</summary>
public sealed class ToolCallTests
{
    private static readonly object s_code = new { language = "python", code = "return 42" };

    [Fact]
    public async Task Run_code_runs_as_run_now_does_and_returns_result_logs_and_reason()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(Ok("""{"a":[1]}""", DataType.Json) with { Logs = "one\ntwo\n" });

        var result = await new McpClient(faas.Client).CallAsync(
            "run_code", new { language = "python", code = "return 42", input = new { x = 1 }, timeout = 2 });

        const string report = """{"reason":"ok","result":{"a":[1]},"logs":"one\ntwo\n"}""";
        Assert.Equal(report, result.GetProperty("structuredContent").GetRawText());
        Assert.Equal(report, TextOf(result));
        Assert.False(result.TryGetProperty("isError", out _));
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        Assert.Equal(
            (Language.Python, "return 42", """{"x":1}""", Isolation.Sandbox, true, false, TimeSpan.FromSeconds(2)),
            (run.Code.Language, run.Code.Source, Encoding.UTF8.GetString(run.Input.Span), run.Isolation, run.WithLogs, run.Stream,
                run.Settings?.Timeout));
    }

    [Theory]
    [InlineData("42", DataType.Number, "42", null)]
    [InlineData("\"say \\\"é\\\"\"", DataType.String, "say \"é\"", null)]
    [InlineData("\"printed\"", DataType.Text, "printed", null)]
    [InlineData("null", DataType.Json, "null", null)]
    [InlineData("[1,{\"a\":2}]", DataType.Json, "[1,{\"a\":2}]", null)]
    [InlineData("{\"big\":12345678901234567890}", DataType.Json, "{\"big\":12345678901234567890}", "{\"big\":12345678901234567890}")]
    [InlineData("\"\\ud800\"", DataType.String, "\"\\ud800\"", null)]
    [InlineData("{\"base64\":\"aGk=\",\"mediaType\":\"text/plain\"}", DataType.Bytes,
        "{\"base64\":\"aGk=\",\"mediaType\":\"text/plain\"}", "{\"base64\":\"aGk=\",\"mediaType\":\"text/plain\"}")]
    public async Task The_value_of_a_script_is_text_and_an_object_is_structured_too(
        string json, DataType type, string text, string? structured)
    {
        await using var faas = await ToolAsync();
        faas.EndWith(Ok(json, type));

        var result = await new McpClient(faas.Client).CallAsync("math__add", new { a = 1, b = "é" });

        Assert.Equal(text, TextOf(result));
        Assert.Equal(structured, result.TryGetProperty("structuredContent", out var content) ? content.GetRawText() : null);
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        Assert.Equal(("math/add", """{"a":1,"b":"é"}"""), (run.Queue, Encoding.UTF8.GetString(run.Input.Span)));
    }

    [Theory]
    [InlineData("image/png", "image", "image/png")]
    [InlineData("IMAGE/PNG;x=1", "image", "IMAGE/PNG")]
    [InlineData("audio/wav", "audio", "audio/wav")]
    public async Task Returned_images_and_sounds_are_content_of_their_own_kind(string mediaType, string kind, string mimeType)
    {
        await using var faas = await ToolAsync();
        faas.EndWith(Ok($$"""{"base64":"aGk=","mediaType":"{{mediaType}}"}""", DataType.Bytes));
        var client = new McpClient(faas.Client);

        foreach (var result in new[] { await client.CallAsync("math__add"), await client.CallAsync("run_code", s_code) })
        {
            var content = result.GetProperty("content")[0];
            Assert.Equal(
                (kind, "aGk=", mimeType),
                (content.GetProperty("type").GetString(), content.GetProperty("data").GetString(),
                    content.GetProperty("mimeType").GetString()));
        }
    }

    [Theory]
    [InlineData(40)]
    [InlineData(300)]
    public async Task A_deeply_nested_object_is_text_and_structured_where_the_message_can_hold_it(int depth)
    {
        var json = $"{string.Concat(Enumerable.Repeat("{\"a\":", depth))}1{new string('}', depth)}";
        await using var faas = await ToolAsync();
        faas.EndWith(Ok(json, DataType.Json));
        var client = new McpClient(faas.Client);

        Assert.Equal((json, depth < 48), (TextOf(await client.CallAsync("math__add")), await IsStructuredAsync("math__add", null)));
        Assert.Equal(depth < 48, await IsStructuredAsync("run_code", s_code));

        async Task<bool> IsStructuredAsync(string name, object? arguments) =>
            (await client.CallAsync(name, arguments)).TryGetProperty("structuredContent", out _);
    }

    [Fact]
    public async Task A_script_that_fails_is_a_result_that_says_how()
    {
        await using var faas = await ToolAsync();
        faas.EndWith(new Outcome(Reason.Error)
        {
            Detail = "ValueError: no",
            Error = new ScriptError("ValueError", "no", "at line 1", 1),
            Logs = "before\n",
        });
        var client = new McpClient(faas.Client);
        const string report = """{"reason":"error","name":"ValueError","message":"no","stack":"at line 1","line":1,"logs":"before\n"}""";

        var ofScript = await client.CallAsync("math__add");
        var ofCode = await client.CallAsync("run_code", s_code);

        Assert.True(ofScript.GetProperty("isError").GetBoolean() && ofCode.GetProperty("isError").GetBoolean());
        Assert.Equal((report, report), (TextOf(ofScript), TextOf(ofCode)));
        Assert.False(ofScript.TryGetProperty("structuredContent", out _));
        Assert.Equal(report, ofCode.GetProperty("structuredContent").GetRawText());
    }

    [Fact]
    public async Task Code_reaches_no_host_and_has_no_image_that_the_server_does_not_permit()
    {
        await using var faas = await ToolAsync();
        var client = new McpClient(faas.Client);

        var network = await client.CallAsync(
            "run_code", new { language = "python", code = "1", network = new { allow = new[] { "a.test" } } });
        var image = await client.CallAsync("run_code", new { language = "python", code = "1", image = "data" });

        Assert.Contains("asks for \\\"a.test\\\", which the server (faas.network.allow) does not permit", TextOf(network), StringComparison.Ordinal);
        Assert.Contains("data", TextOf(image), StringComparison.Ordinal);
        Assert.True(network.GetProperty("isError").GetBoolean() && image.GetProperty("isError").GetBoolean());
        Assert.Empty(faas.Pool.Rest());
    }

    [Fact]
    public async Task A_refusal_is_a_result_that_names_the_reason()
    {
        await using var faas = await ToolAsync();
        faas.OnSubmit(run => new RunRefused(run.RunId, RefusalReason.QueueFull, TimeSpan.FromSeconds(3)));

        var result = await new McpClient(faas.Client).CallAsync("math__add");

        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Equal("""{"reason":"queue_full","message":"Every sandbox is busy and the queue is full."}""", TextOf(result));
    }

    [Theory]
    [InlineData("{}", "\"language\" is missing.")]
    [InlineData("""{"language": "ruby", "code": "1"}""", "\"language\" is \"ruby\"; allowed are javascript, typescript, python.")]
    [InlineData("""{"language": "python", "code": " "}""", "\"code\" is empty.")]
    [InlineData("""{"language": "python", "code": 1}""", "\"code\" must be a string, not a number.")]
    [InlineData("""{"language": "python", "code": "1", "inputs": 1}""", "\"inputs\" is unknown; did you mean \"input\"?")]
    [InlineData("""{"language": "python", "code": "1", "timeout": 100000}""",
        "\"timeout\" is 100000; allowed are 10ms to 900s (faas.scripts.max-timeout).")]
    public async Task Wrong_arguments_of_run_code_are_a_result_that_a_model_can_learn_from(string arguments, string message)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var given = JsonDocument.Parse(arguments);

        var result = await new McpClient(faas.Client).CallAsync("run_code", given.RootElement);

        Assert.True(result.GetProperty("isError").GetBoolean());
        using var report = JsonDocument.Parse(TextOf(result));
        Assert.Equal(
            ("malformed", message),
            (report.RootElement.GetProperty("reason").GetString(), report.RootElement.GetProperty("message").GetString()));
        Assert.Empty(faas.Pool.Rest());
    }

    [Theory]
    [InlineData("math/add")]
    [InlineData("math_add")]
    [InlineData("math__sub")]
    [InlineData("")]
    [InlineData("..")]
    public async Task A_name_that_no_tool_has_is_a_protocol_error(string name)
    {
        await using var faas = await ToolAsync();
        var error = (await new McpClient(faas.Client).SendAsync("tools/call", new { name })).GetProperty("error");
        Assert.Equal(
            (-32602, $"Unknown tool: \"{name}\""), (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()));
        Assert.Empty(faas.Pool.Rest());
    }

    [Fact]
    public async Task A_script_that_is_no_tool_is_unknown_and_a_disabled_one_says_so()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var client = new McpClient(faas.Client);
        Assert.True((await client.SendAsync("tools/call", new { name = "math__add" })).TryGetProperty("error", out _));

        faas.Registry.Answer = _ => new VersionFound("math/add", Tool, Enabled: false);
        Assert.Contains("\"disabled\"", TextOf(await client.CallAsync("math__add")), StringComparison.Ordinal);
        Assert.Empty(faas.Pool.Rest());
    }

    private static ScriptVersion Tool => FaasUnderTest.Version with { Settings = new ScriptSettings { Tool = true } };

    private static async Task<FaasUnderTest> ToolAsync()
    {
        var faas = await FaasUnderTest.StartAsync();
        faas.Registry.Answer = message => message is GetVersion { Path: "math/add" }
            ? new VersionFound("math/add", Tool)
            : FaasUnderTest.AnswerOfRegistry(message);
        return faas;
    }

    private static Outcome Ok(string json, DataType type) => new(Reason.Ok)
    {
        Data = new ResultData(Encoding.UTF8.GetBytes(json), type),
        Warmth = Warmth.Warm,
    };

    private static string TextOf(JsonElement result) =>
        result.GetProperty("content").EnumerateArray().Last().GetProperty("text").GetString()!;
}
