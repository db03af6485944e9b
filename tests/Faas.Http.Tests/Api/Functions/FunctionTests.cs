using System.Net;
using System.Text;
using System.Text.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Http.Access;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Functions;

/// <summary>HTTP functions over real sockets; the pool answers what the test says.</summary>
public sealed class FunctionTests
{
    [Fact]
    public async Task A_script_gets_the_whole_request_as_its_event()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var seen = Answering(faas, "null");
        using var request = new HttpRequestMessage(HttpMethod.Put, "/http/math/add/a%20b/c?x=1&x=2&y=%C3%A9");
        request.Headers.Add("X-Mine", ["a", "b"]);
        request.Headers.Add("Cookie", "k=v");
        request.Content = new StringContent("héllo", Encoding.UTF8, "text/x-mine");

        using var response = await faas.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, 0), (response.StatusCode, response.Content.Headers.ContentLength ?? -1));
        var http = (await seen).GetProperty("http");
        Assert.Equal("PUT", http.GetProperty("method").GetString());
        Assert.Equal("/a%20b/c", http.GetProperty("path").GetString());
        Assert.Equal("x=1&x=2&y=%C3%A9", http.GetProperty("rawQuery").GetString());
        Assert.Equal("""{"x":["1","2"],"y":"é"}""", http.GetProperty("query").GetRawText());
        Assert.Equal("héllo", http.GetProperty("body").GetString());
        Assert.False(http.TryGetProperty("base64", out _));
        var headers = http.GetProperty("headers");
        Assert.Equal("a, b", headers.GetProperty("x-mine").GetString());
        Assert.Equal("k=v", headers.GetProperty("cookie").GetString());
        Assert.Equal("text/x-mine; charset=utf-8", headers.GetProperty("content-type").GetString());
        Assert.False(headers.TryGetProperty("content-length", out _));
    }

    [Fact]
    public async Task A_body_that_is_not_text_comes_as_base64()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var seen = Answering(faas, "null");
        using var response = await faas.Client.PostAsync("/http/math/add", new ByteArrayContent([0xff, 0, 1]));
        var http = (await seen).GetProperty("http");
        Assert.Equal(("/wAB", true), (http.GetProperty("body").GetString(), http.GetProperty("base64").GetBoolean()));
    }

    [Theory]
    [InlineData("""{"status": 201, "headers": {"X-A": "1", "Set-Cookie": ["a=1", "b=2"]}, "body": "made"}""", 201, "made", "text/plain; charset=utf-8")]
    [InlineData("""{"status": 200, "body": {"a": [1]}}""", 200, """{"a": [1]}""", "application/json; charset=utf-8")]
    [InlineData("""{"status": 200, "headers": {"content-type": "text/html"}, "body": "<p>"}""", 200, "<p>", "text/html")]
    [InlineData("""{"status": 200, "body": "aGk=", "base64": true}""", 200, "hi", "application/octet-stream")]
    [InlineData("""{"status": 404}""", 404, "", null)]
    [InlineData("""{"statusCode": 200}""", 200, """{"statusCode": 200}""", "application/json; charset=utf-8")]
    [InlineData("[1]", 200, "[1]", "application/json; charset=utf-8")]
    public async Task A_value_is_the_answer(string value, int status, string body, string? contentType)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        _ = Answering(faas, value);

        using var response = await faas.Client.GetAsync("/http/math/add");

        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
        if (value.Contains("Set-Cookie", StringComparison.Ordinal))
        {
            Assert.Equal(["a=1", "b=2"], response.Headers.GetValues("Set-Cookie"));
            Assert.Equal("1", response.Header("X-A"));
        }
    }

    [Fact]
    public async Task Numbers_and_booleans_in_headers_are_sent_as_JSON_writes_them()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        _ = Answering(faas, """{"status": 200, "headers": {"x-b": true, "x-f": [false], "x-n": 1.50}}""");
        using var response = await faas.Client.GetAsync("/http/math/add");
        Assert.Equal(("true", "false", "1.50"), (response.Header("x-b"), response.Header("x-f"), response.Header("x-n")));
    }

    [Theory]
    [InlineData("""{"status": 700}""", "status 700; allowed are 200 to 599")]
    [InlineData("""{"status": "200"}""", "status \"200\"; allowed are 200 to 599")]
    [InlineData("""{"status": 200, "boddy": 1}""", "a member \"boddy\"; allowed are status, headers, body, base64")]
    [InlineData("""{"status": 200, "headers": []}""", "\"headers\" that are no object")]
    [InlineData("""{"status": 200, "headers": {"a b": "1"}}""", "a header whose name")]
    [InlineData("""{"status": 200, "headers": {"x": "1\r\nSet-Cookie: a=1"}}""", "a header x with a line break, or another character than printable ASCII")]
    [InlineData("""{"status": 200, "headers": {"x": {}}}""", "a header x that is neither a text nor an array of texts")]
    [InlineData("""{"status": 200, "body": "?", "base64": true}""", "not base64")]
    [InlineData("""{"status": 200, "base64": 1}""", "neither true nor false")]
    [InlineData("""{"status": 200, "body": "\ud800"}""", "half of a surrogate pair")]
    public async Task A_value_that_is_no_answer_is_a_bad_gateway_that_says_why(string value, string why)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        _ = Answering(faas, value);
        using var response = await faas.Client.GetAsync("/http/math/add");
        Assert.Contains(why, await response.ProblemAsync(502, "bad_answer"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_of_the_connection_are_the_servers()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        _ = Answering(faas, """{"status": 200, "headers": {"Transfer-Encoding": "chunked", "Content-Length": "9", "Connection": "close"}, "body": "x"}""");
        using var response = await faas.Client.GetAsync("/http/math/add");
        Assert.Equal("x", await response.Content.ReadAsStringAsync());
        Assert.Equal((1L, null), (response.Content.Headers.ContentLength!.Value, response.Headers.ConnectionClose));
    }

    [Fact]
    public async Task A_page_of_a_script_has_an_origin_of_its_own_whatever_policy_the_script_sets()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        _ = Answering(faas, """{"status": 200, "headers": {"Content-Security-Policy": "default-src *"}, "body": "x"}""");
        using var response = await faas.Client.GetAsync("/http/math/add");
        var policies = response.Headers.GetValues("Content-Security-Policy").ToArray();
        Assert.Equal("default-src *", policies[0]);
        Assert.StartsWith("sandbox ", policies[1], StringComparison.Ordinal);
        Assert.DoesNotContain("allow-same-origin", policies[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_path_that_a_script_has_wins()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var asked = new List<string>();
        faas.Registry.Answer = message =>
        {
            if (message is GetVersion get)
            {
                asked.Add(get.Path);
            }

            return FaasUnderTest.AnswerOfRegistry(message);
        };
        var seen = Answering(faas, "1");
        using var response = await faas.Client.GetAsync("/http/math/add/1/2");
        Assert.Equal("/1/2", (await seen).GetProperty("http").GetProperty("path").GetString());
        Assert.Equal(["math/add/1/2", "math/add/1", "math/add"], asked);
    }

    [Theory]
    [InlineData("/http/math%2Fadd/x", 200)]
    [InlineData("/http/", 404)]
    [InlineData("/http/math", 404)]
    [InlineData("/http/%2e%2e/http/math/add", 404)]
    [InlineData("http://localhost/http/math/add", 200)]
    public async Task A_target_leads_to_its_script_or_to_nothing(string target, int status)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        _ = Answering(faas, "1");
        using var raw = await RawClient.ConnectAsync(faas.Address);
        await raw.SendAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", await raw.ReadUntilAsync(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null, 200)]
    [InlineData(false, null, 401)]
    [InlineData(false, Keys.Invoke, 200)]
    [InlineData(false, Keys.Write, 403)]
    [InlineData(true, Keys.Write, 200)]
    [InlineData(true, "no-key-of-this-server", 200)]
    [InlineData(false, "no-key-of-this-server", 401)]
    public async Task A_script_that_is_not_public_needs_a_key_with_the_scope_invoke(bool isPublic, string? key, int status)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        MakePublic(faas, isPublic);
        var seen = Answering(faas, "1");
        if (key is not null)
        {
            faas.Client.DefaultRequestHeaders.Add("Authorization", $"Bearer {key}");
        }

        using var response = await faas.Client.GetAsync("/http/math/add");

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 200)
        {
            var headers = (await seen).GetProperty("http").GetProperty("headers");
            var isSeen = headers.TryGetProperty("authorization", out _);
            Assert.Equal(key == "no-key-of-this-server", isSeen);
        }
    }

    [Fact]
    public async Task An_expired_key_is_no_key_for_a_public_script_which_does_not_see_it()
    {
        const string expired = "expired-0123456789";
        var key = ApiKey.Parse($"old:invoke:{expired}") with { ExpiresAt = DateTimeOffset.UnixEpoch };
        await using var faas = await FaasUnderTest.StartAsync(
            http => http.WithKeys().With(access => access with { Keys = new KeyRing([.. access.Keys.Keys, key]) }));
        MakePublic(faas, true);
        var seen = Answering(faas, "1");
        faas.Client.DefaultRequestHeaders.Add("X-Api-Key", expired);

        using var answer = await faas.Client.GetAsync("/http/math/add");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False((await seen).GetProperty("http").GetProperty("headers").TryGetProperty("x-api-key", out _));
        MakePublic(faas, false);
        using var refused = await faas.Client.GetAsync("/http/math/add");
        Assert.StartsWith("The key \"old\" expired", await refused.ProblemAsync(401, "unauthorized"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_without_a_key_is_not_told_which_scripts_there_are()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var there = await faas.Client.GetAsync("/http/math/add");
        using var nowhere = await faas.Client.GetAsync("/http/math/nothing");
        Assert.Equal(await there.ProblemAsync(401, "unauthorized"), await nowhere.ProblemAsync(401, "unauthorized"));
    }

    [Fact]
    public async Task What_a_failed_script_said_is_not_for_every_caller()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        MakePublic(faas, true);
        faas.EndWith(new Outcome(Reason.Error) { Error = new ScriptError("Error", "secret"), Logs = "secret", Detail = "secret" });
        using var response = await faas.Client.GetAsync("/http/math/add");
        var problem = await response.ProblemAsync();
        Assert.Equal((500, "error"), ((int)response.StatusCode, problem.GetProperty("reason").GetString()));
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_answers_preflights_and_HEAD_itself()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        MakePublic(faas, true);
        _ = Answering(faas, """{"status": 204, "headers": {"Access-Control-Allow-Origin": "*"}}""");
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/http/math/add");
        preflight.Headers.Add("Origin", "https://elsewhere.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        using var allowed = await faas.Client.SendAsync(preflight);
        Assert.Equal(("*", 204), (allowed.Header("Access-Control-Allow-Origin"), (int)allowed.StatusCode));

        _ = Answering(faas, "\"text\"");
        using var head = new HttpRequestMessage(HttpMethod.Head, "/http/math/add");
        using var answered = await faas.Client.SendAsync(head);
        Assert.Equal((4L, ""), (answered.Content.Headers.ContentLength!.Value, await answered.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Callers_without_a_key_count_against_the_rate_limit()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            http => http.WithKeys().With(access => access with { RateLimit = new RateLimit(0.001, 1) }));
        MakePublic(faas, true);
        _ = Answering(faas, "1");
        using var first = await faas.Client.GetAsync("/http/math/add");
        using var second = await faas.Client.GetAsync("/http/math/add");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await second.ProblemAsync(429, "rate_limited");
    }

    private static void MakePublic(FaasUnderTest faas, bool isPublic) => faas.Registry.Answer = message => message is GetVersion
        ? new VersionFound("math/add", FaasUnderTest.Version with { Settings = new ScriptSettings(Public: isPublic) })
            is var found && ((GetVersion)message).Path == "math/add" ? found : FaasUnderTest.AnswerOfRegistry(message)
        : FaasUnderTest.AnswerOfRegistry(message);

    // The event of the first run, and every run returns the value.
    private static Task<JsonElement> Answering(FaasUnderTest faas, string value)
    {
        var seen = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        faas.OnSubmit(run =>
        {
            seen.TrySetResult(JsonDocument.Parse(run.Input).RootElement);
            var data = ResultParser.FromJson(Encoding.UTF8.GetBytes(value))!;
            return new RunEnded(run.RunId, new Outcome(Reason.Ok) { Data = data });
        });
        return seen.Task;
    }
}
