using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Bad input of every kind: the right problem body, and the next call is served.</summary>
[Collection(nameof(SharedServer))]
public sealed class BadInputTests(SharedServer shared)
{
    private static readonly string s_deep = new string('[', 100_000) + new string(']', 100_000);

    private FaasServer Server => shared.Server;

    public static TheoryData<string, string, string, int> Cases()
    {
        var code = """ "language":"javascript","code":"return 1" """;
        return new TheoryData<string, string, string, int>
        {
            { "no JSON", "/run-now", "hello", 400 },
            { "half JSON", "/run-now", "{\"language\":\"javascript\",", 400 },
            { "no object", "/run-now", "[1]", 400 },
            { "trailing garbage", "/run-now", $"{{{code}}} x", 400 },
            { "empty body", "/run-now", "", 400 },
            { "code not a string", "/run-now", """{"language":"javascript","code":5}""", 400 },
            { "language not a string", "/run-now", """{"language":null,"code":"return 1"}""", 400 },
            { "stream not a boolean", "/run-now", $$"""{{{code}},"stream":"yes"}""", 400 },
            { "unknown language", "/run-now", """{"language":"ruby","code":"1"}""", 400 },
            { "no language", "/run-now", """{"code":"return 1"}""", 400 },
            { "no code", "/run-now", """{"language":"javascript"}""", 400 },
            { "input that is a string but not JSON", "/run-now", $$"""{{{code}},"input":"{a"}""", 400 },
            { "100,000-deep body", "/run-now", s_deep, 400 },
            { "code of 1 MB", "/run-now", $$"""{"language":"javascript","code":"{{new string(' ', 1 << 20)}}"}""", 413 },
            { "body of 7 MB", "/run-now", $$"""{{{code}},"input":"{{new string('1', 7 << 20)}}"}""", 413 },
            { "no path", "/upload", $"{{{code}}}", 400 },
            { "empty path", "/upload", $$"""{"path":"",{{code}}}""", 400 },
            { "path with ..", "/upload", $$"""{"path":"a/../b",{{code}}}""", 400 },
            { "path with an empty segment", "/upload", $$"""{"path":"a//b",{{code}}}""", 400 },
            { "path with NUL", "/upload", $$"""{"path":"a\u0000b",{{code}}}""", 400 },
            { "path of 513 bytes", "/upload", $$"""{"path":"{{new string('p', 513)}}",{{code}}}""", 400 },
            { "path not a string", "/upload", $$"""{"path":["a"],{{code}}}""", 400 },
            { "no such script", "/run/no/such/script", "{}", 404 },
            { "version that is no number", "/run/no/such/script?version=a%20b", "{}", 400 },
            { "encoded ..", "/run/a/%2e%2e/b", "{}", 400 },
            { "no such route", "/walk", "{}", 404 },
        };
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Bad_input_is_told_and_the_next_call_is_served(string what, string path, string body, int status)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Server.Client.PostAsync(
            new Uri(
                Server.Address.GetLeftPart(UriPartial.Authority) + path,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }),
            content);

        Assert.True(status == (int)response.StatusCode, $"{what}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.ReadAsync();
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("callId").GetString()!);
        Assert.Equal("1", (await Server.RunNowAsync("javascript", "return 1")).Data);
    }

    [Fact]
    public async Task A_NUL_in_the_URL_is_refused_by_the_web_server_itself()
    {
        using var response = await Server.Client.PostAsync(new Uri("/run/a%00b", UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("1", (await Server.RunNowAsync("javascript", "return 1")).Data);
    }

    [Fact]
    public async Task Another_charset_is_415_and_another_method_405()
    {
        using var text = new StringContent("x", new MediaTypeHeaderValue("text/plain", "latin1"));
        using var wrongType = await Server.Client.PostAsync(new Uri("/run-now", UriKind.Relative), text);
        using var wrongMethod = await Server.Client.GetAsync(new Uri("/run-now", UriKind.Relative));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, wrongType.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrongMethod.StatusCode);
        Assert.Contains("POST", wrongMethod.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("javascript", "return event")]
    [InlineData("python", "return event")]
    public async Task Input_comes_as_a_value_as_a_string_of_json_or_not_at_all(string language, string code)
    {
        Assert.Equal("""{"a":1}""", (await Server.RunNowAsync(language, code, new { a = 1 })).Data);
        Assert.Equal("""{"a":1}""", (await Server.RunNowAsync(language, code, """{"a":1}""")).Data);
        Assert.Equal("[1,2]", (await Server.RunNowAsync(language, code, new[] { 1, 2 })).Data);
        Assert.Equal("{}", (await Server.RunNowAsync(language, code, "")).Data);
        Assert.Equal("{}", (await Server.RunNowAsync(language, code)).Data);
    }

    [Theory]
    [InlineData("javascript", "return 'a\0b'.length")]
    [InlineData("python", "return len('a\0b')")]
    public async Task Code_with_a_NUL_byte_ends_in_an_answer_and_not_in_a_crash(string language, string code)
    {
        var reply = await Server.RunNowAsync(language, code);

        Assert.True(
            reply.Status is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest, reply.Body.GetRawText());
        Assert.Equal("1", (await Server.RunNowAsync("javascript", "return 1")).Data);
    }

    [Theory]
    [InlineData("javascript")]
    [InlineData("typescript")]
    [InlineData("python")]
    public async Task Code_and_input_that_are_nested_100000_deep_harm_nobody(string language)
    {
        var code = await Server.RunNowAsync(language, $"return {new string('[', 100_000)}{new string(']', 100_000)}");
        var input = await Server.ReplyAsync("/run-now", new { language, code = "return 1", input = s_deep });

        Assert.True((int)code.Status is 200 or 422 or 500, code.Body.GetRawText());
        Assert.NotEqual("sandbox", code.Status == HttpStatusCode.OK ? "" : code.Reason);
        Assert.True((int)input.Status is 200 or 400 or 500, input.Body.GetRawText());
        Assert.Equal("1", (await Server.RunNowAsync(language, "return 1")).Data);
    }
}
