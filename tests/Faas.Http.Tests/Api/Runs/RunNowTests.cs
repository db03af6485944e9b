using System.Net;
using System.Text;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Runs;

public sealed class RunNowTests
{
    [Fact]
    public async Task Code_runs_in_walls_of_its_own_and_no_script_waits_in_its_queue()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/run-now", """{"language": "javascript", "code": "return 42", "input": "{\"a\": 10}"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"data":42,"type":"number"}""", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("X-Script-Version"));
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        Assert.Equal((Isolation.Sandbox, "/run-now"), (run.Isolation, run.Queue));
        Assert.Equal("""{"a": 10}"""u8.ToArray(), run.Input.ToArray());
    }

    [Theory]
    [InlineData("""{"language": "python", "code": "1", "stats": true}""", """{"data":42,"type":"number","stats":{"cpuSeconds":0.001834,"maxRssBytes":41234432,"wallSeconds":0.0125}}""")]
    [InlineData("""{"language": "python", "code": "1", "stats": false}""", """{"data":42,"type":"number"}""")]
    public async Task What_a_call_cost_is_told_to_who_asks(string body, string answer)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var usage = new Usage(TimeSpan.FromMilliseconds(12.5), TimeSpan.FromMicroseconds(1834), 41_234_432);
        faas.EndWith(FaasUnderTest.FortyTwo with { Usage = usage });
        using var response = await faas.PostAsync("/run-now", body);

        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("0.0125", response.Header("X-Duration-Seconds"));
    }

    [Fact]
    public async Task A_hint_stands_beside_the_data()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(FaasUnderTest.FortyTwo with { Hint = "Say \"it\"." });
        using var response = await faas.PostAsync("/run-now", """{"language": "python", "code": "1"}""");

        Assert.Equal("""{"data":42,"type":"number","hint":"Say \"it\"."}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("\"logs\": true", true, ",\"logs\":\"one\\n\\\"two\\\"\\n\"")]
    [InlineData("\"logs\": false", false, "")]
    [InlineData("\"logs\": null", false, "")]
    public async Task What_a_successful_run_printed_stands_beside_its_data_for_who_asks(string member, bool asks, string told)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(FaasUnderTest.FortyTwo with { Logs = "one\n\"two\"\n" });
        using var response = await faas.PostAsync("/run-now", $$"""{"language": "python", "code": "1", {{member}}}""");

        Assert.Equal($$"""{"data":42,"type":"number"{{told}}}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(asks, (await faas.Pool.Next<SubmitRun>()).Run.WithLogs);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("application/json", false)]
    [InlineData("image/*, application/json", false)]
    [InlineData("text/html, */*;q=0.8", false)]
    [InlineData("no media type at all", false)]
    [InlineData("image/png", true)]
    [InlineData("image/*, */*;q=0.8", true)]
    [InlineData("application/json;q=0.5, image/png;q=0.6", true)]
    [InlineData("image/png, */*;q=0", true)]
    [InlineData("application/octet-stream", true)]
    public async Task Returned_bytes_are_the_body_for_a_caller_who_accepts_them_rather_than_json(string? accept, bool isRaw)
    {
        const string Json = """{"base64":"AAFi","mediaType":"image/png"}""";
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(new Outcome(Reason.Ok) { Data = BytesData.FromJson(Encoding.UTF8.GetBytes(Json)) });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/run-now")
        {
            Content = new StringContent("""{"language": "python", "code": "1"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await faas.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var expected = isRaw ? [0, 1, 98] : Encoding.UTF8.GetBytes($$"""{"data":{{Json}},"type":"bytes"}""");
        Assert.Equal(isRaw ? "image/png" : "application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync());
        Assert.True(response.Headers.Contains("X-Call-Id"));
    }

    [Theory]
    [InlineData("\"lambda_handler\"", "lambda_handler")]
    [InlineData("null", null)]
    public async Task The_handler_that_a_call_names_goes_with_its_run(string named, string? handler)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/run-now", $$"""{"language": "python", "code": "1", "handler": {{named}}}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(handler, (await faas.Pool.Next<SubmitRun>()).Run.Handler);
    }

    [Fact]
    public async Task The_timeout_and_the_variables_of_a_call_go_with_its_run()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(
            "/run-now", """{"language": "python", "code": "1", "timeout": 5, "env": {"A": "1"}, "labels": {}}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("body: \"labels\" is unknown", response.Header("X-Warnings"));
        var settings = (await faas.Pool.Next<SubmitRun>()).Run.Settings!;
        Assert.Equal((TimeSpan.FromSeconds(5), "A"), (settings.Timeout, settings.Env!.Entries.Single().Key));
    }

    [Theory]
    [InlineData("\"a.b\"")]
    [InlineData("\"\"")]
    [InlineData("\"1a\"")]
    [InlineData("7")]
    public async Task A_handler_that_is_no_name_of_a_function_is_refused(string named)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/run-now", $$"""{"language": "python", "code": "1", "handler": {{named}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("handler", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_failed_call_cost_is_told_as_well()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(new Outcome(Reason.Timeout) { Usage = new Usage(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(29.5), 1 << 20) });
        using var response = await faas.PostAsync("/run-now", """{"language": "python", "code": "1", "stats": true}""");

        Assert.EndsWith(""","stats":{"cpuSeconds":29.5,"maxRssBytes":1048576,"wallSeconds":30}}""", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_calls_may_have_the_same_id_but_the_pool_can_tell_them_apart()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Client.DefaultRequestHeaders.Add("X-Call-Id", "order-17");
        for (var i = 0; i < 2; i++)
        {
            using var response = await faas.PostAsync("/run-now", """{"language": "python", "code": "1"}""");
            Assert.Equal("order-17", response.Header("X-Call-Id"));
        }

        Assert.NotEqual((await faas.Pool.Next<SubmitRun>()).Run.RunId, (await faas.Pool.Next<SubmitRun>()).Run.RunId);
    }

    [Theory]
    [InlineData(Reason.Error, 500, "error")]
    [InlineData(Reason.Syntax, 422, "syntax")]
    [InlineData(Reason.Dependencies, 422, "dependencies")]
    [InlineData(Reason.Exit, 500, "exit")]
    [InlineData(Reason.Signal, 500, "signal")]
    [InlineData(Reason.Oom, 500, "oom")]
    [InlineData(Reason.Timeout, 504, "timeout")]
    [InlineData(Reason.OutputLimit, 500, "output_limit")]
    [InlineData(Reason.Cancelled, 503, "cancelled")]
    [InlineData(Reason.Sandbox, 503, "sandbox")]
    public async Task Every_ending_has_its_status_and_reason(Reason reason, int status, string name)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(new Outcome(reason)
        {
            Detail = "It ended.",
            Logs = "printed\n",
            Warmth = Warmth.Spare,
            Usage = new Usage(TimeSpan.FromSeconds(1.25), TimeSpan.Zero, 0),
        });
        using var response = await faas.PostAsync("/run-now", """{"language": "python", "code": "1"}""");

        var problem = await response.ProblemAsync();
        Assert.Equal((status, name), ((int)response.StatusCode, problem.GetProperty("reason").GetString()));
        Assert.Equal(("It ended.", "printed\n"), (problem.GetProperty("detail").GetString(), problem.GetProperty("logs").GetString()));
        Assert.Equal(("spare", "1.25"), (response.Header("X-Start"), response.Header("X-Duration-Seconds")));
        Assert.Equal(status == 503, response.Headers.Contains("Retry-After"));
    }

    [Fact]
    public async Task What_the_script_threw_is_told_with_its_logs()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(new Outcome(Reason.Error)
        {
            Detail = "TypeError: x",
            Error = new ScriptError("TypeError", "x", "TypeError: x\n    at script.js:1:1"),
            Logs = "half a pair: \ud800",
        });
        using var response = await faas.PostAsync("/run-now", """{"language": "javascript", "code": "x()"}""");

        Assert.Equal(
            $$"""{"status":500,"title":"Internal Server Error","detail":"TypeError: x","reason":"error","callId":"{{response.Header("X-Call-Id")}}","name":"TypeError","message":"x","stack":"TypeError: x\n    at script.js:1:1","logs":"half a pair: \uFFFD"}""",
            await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(3, null, "exitCode", "3")]
    [InlineData(null, "SIGSEGV", "signal", "\"SIGSEGV\"")]
    public async Task How_the_script_ended_itself_is_told(int? exitCode, string? signal, string member, string value)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(new Outcome(exitCode is null ? Reason.Signal : Reason.Exit) { ExitCode = exitCode, Signal = signal });
        using var response = await faas.PostAsync("/run-now", """{"language": "python", "code": "1"}""");
        Assert.Equal(value, (await response.ProblemAsync()).GetProperty(member).GetRawText());
    }
}
