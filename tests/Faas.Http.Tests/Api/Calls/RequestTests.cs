using System.Diagnostics;
using System.Net;
using System.Text;
using CsCheck;
using Faas.Actors.Pool;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Calls;

/// <summary>What holds of every request, whatever its route.</summary>
public sealed class RequestTests
{
    private const string Code = """{"language": "python", "code": "return 42"}""";

    [Theory]
    [InlineData("GET", "/upload", "POST")]
    [InlineData("PUT", "/run/math/add", "POST")]
    [InlineData("GET", "/run/math/add", "POST")]
    [InlineData("DELETE", "/run-now", "POST")]
    [InlineData("HEAD", "/run-now", "POST")]
    [InlineData("POST", "/healthz", "GET, HEAD")]
    public async Task A_method_that_the_route_does_not_have_is_refused_with_those_that_it_has(string method, string path, string allow)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(405, (int)response.StatusCode);
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
        if (method != "HEAD")
        {
            Assert.EndsWith($" it answers {allow}.", await response.ProblemAsync(405, "method"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/run/math/add", 204, "POST, OPTIONS")]
    [InlineData("/upload", 204, "POST, OPTIONS")]
    [InlineData("/readyz", 204, "GET, HEAD, OPTIONS")]
    [InlineData("/nowhere", 404, "")]
    public async Task OPTIONS_tells_the_methods_of_a_route(string path, int status, string allow)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var response = await faas.Client.SendAsync(new HttpRequestMessage(HttpMethod.Options, path));
        Assert.Equal((status, allow), ((int)response.StatusCode, string.Join(", ", response.Content.Headers.Allow)));
    }

    [Fact]
    public async Task OPTIONS_of_the_whole_server_tells_every_method()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        var answer = await client.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 204 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_says_in_text_what_the_server_is_and_what_it_answers()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var response = await faas.Client.GetAsync(new Uri("/", UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("Faas 0.", text, StringComparison.Ordinal);
        Assert.Matches("\nPOST +/run/\\{path\\} +runs a stored script\n", text);
        Assert.Matches("\nGET +/readyz ", text);
    }

    [Theory]
    [InlineData("/run/math/add", """{"inputs": 1, "event": 2}""", "body: \"inputs\" is unknown; did you mean \"input\"?, body: \"event\" is unknown")]
    [InlineData("/run/math/add", """{"INPUT": 1}""", "body: \"INPUT\" is unknown; did you mean \"input\"?")]
    [InlineData("/run/math/add", """{"code": "1"}""", "body: \"code\" is unknown")]
    [InlineData("/run/math/add", """{"\u00fc\n": 1}""", "body: \"\\u00FC\\n\" is unknown")]
    [InlineData("/run/math/add?versoin=3&x=1", "{}", "query: \"versoin\" is unknown; did you mean \"version\"?, query: \"x\" is unknown")]
    [InlineData("/run-now?version=3", Code, "query: \"version\" is unknown")]
    [InlineData("/run/math/add?version=1739000000", """{"input": 1, "stream": false, "stats": true}""", null)]
    [InlineData("/run/math/add", "", null)]
    [InlineData("/run-now", Code, null)]
    public async Task A_name_that_is_ignored_is_told_in_a_header(string target, string body, string? warnings)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(target, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(warnings, response.Headers.TryGetValues("X-Warnings", out var values) ? string.Join(", ", values) : null);
    }

    [Fact]
    public async Task However_many_names_are_unknown_the_header_stays_short()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var members = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"{new string('m', 50)}{i}\": 1"));
        using var response = await faas.PostAsync("/run/math/add", $$"""{ {{members}} }""");
        var warnings = response.Header("X-Warnings");
        Assert.EndsWith(", more names are unknown", warnings, StringComparison.Ordinal);
        Assert.InRange(warnings!.Length, 100, 2000);
    }

    [Theory]
    [InlineData("/uploads")]
    [InlineData("/upload/x")]
    [InlineData("/run-now/x")]
    public async Task A_route_that_does_not_exist_is_not_found(string path)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(path, "{}");
        await response.ProblemAsync(404, "not_found");
    }

    [Theory]
    [InlineData("application/json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/json; charset=\"UTF-8\"", 200)]
    [InlineData("Application/JSON", 200)]
    [InlineData("application/cloudevents+json", 200)]
    [InlineData(null, 200)]
    [InlineData("application/json; charset=UTF8", 200)]
    [InlineData("application/x-www-form-urlencoded", 200)]
    [InlineData("text/plain", 200)]
    [InlineData("text/json", 200)]
    [InlineData("application/xml", 200)]
    [InlineData("nonsense", 200)]
    [InlineData("application/json; charset=latin1", 415)]
    [InlineData("text/plain; charset=\"utf-16\"", 415)]
    public async Task The_body_is_json_whatever_its_type_says_but_not_in_another_charset(string? contentType, int status)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/run-now", Encoding.UTF8.GetBytes(Code), contentType);
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 415)
        {
            await response.ProblemAsync(415, "media_type");
        }
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_send_an_untyped_body_even_where_its_name_is_served()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.With(access => access with { AllowAnonymous = true }));
        faas.Client.DefaultRequestHeaders.Add("Origin", "https://example.org");
        using var response = await faas.PostAsync("/run-now", Encoding.UTF8.GetBytes(Code), contentType: null);
        await response.ProblemAsync(415, "media_type");
    }

    [Fact]
    public async Task A_compressed_body_is_not_understood()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var content = new StringContent(Code, null, "application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await faas.Client.PostAsync("/run-now", content);
        await response.ProblemAsync(415, "media_type");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_too_large_with_or_without_a_length(bool chunked)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http with { MaxRequestBytes = 100_000 });
        foreach (var (size, status) in new[] { (100_000, 200), (100_001, 413), (5_000_000, 413) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/run-now")
            {
                Content = new StringContent(Code.PadRight(size), null, "application/json"),
                Headers = { TransferEncodingChunked = chunked },
            };
            using var response = await faas.Client.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
            if (status == 413)
            {
                Assert.Equal("The body is larger than 100000 bytes.", await response.ProblemAsync(413, "too_large"));
            }
        }
    }

    [Fact]
    public async Task Code_over_its_limit_is_too_large()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/upload", $$"""{"path": "a", "language": "python", "code": "{{new string('1', 1 << 20)}}"}""");
        Assert.Equal("\"code\" has 1048576 bytes; allowed are 262144.", await response.ProblemAsync(413, "too_large"));
    }

    [Theory]
    [InlineData("order-17", true)]
    [InlineData("not valid", false)]
    public async Task A_valid_call_id_comes_back_also_with_an_error(string id, bool isKept)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Client.DefaultRequestHeaders.TryAddWithoutValidation("X-Call-Id", id);
        using var fine = await faas.PostAsync("/run-now", Code);
        using var wrong = await faas.PostAsync("/run-now", "{");
        await wrong.ProblemAsync(400, "malformed");
        Assert.Equal(isKept, fine.Header("X-Call-Id") == id);
        Assert.Equal(isKept, wrong.Header("X-Call-Id") == id);
    }

    [Fact]
    public async Task A_trace_goes_on_where_the_caller_began_it()
    {
        var seen = new TaskCompletionSource<Activity>();
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId.ToString() == trace)
                {
                    seen.TrySetResult(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        using var response = await faas.PostAsync("/run-now", Code);
        Assert.Equal("b7ad6b7169203331", (await seen.Task.WaitAsync(TimeSpan.FromSeconds(10))).ParentSpanId.ToString());
    }

    [Fact]
    public async Task A_defect_of_ours_is_a_problem_too_and_the_next_call_works()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.OnSubmit(_ => new Akka.Actor.Status.Failure(new InvalidOperationException("a defect")));
        using var broken = await faas.PostAsync("/run-now", Code);
        await broken.ProblemAsync(500, "internal");
        faas.Pool.Answer = FaasUnderTest.AnswerOfPool;
        using var fine = await faas.PostAsync("/run-now", Code);
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Fact]
    public async Task No_body_is_answered_with_a_server_error()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var body = Gen.OneOf(
            Gen.Byte.Array[0, 100],
            Gen.OneOf(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"path\"",
                "\"a/b\"",
                "\"code\"",
                "\"\\ud800\"",
                "\"language\"",
                "\"python\"",
                "\"input\"",
                "\"stream\"",
                "true",
                "null",
                "1e5",
                " ",
                "\"\\u0000\"")
                .Array[0, 16].Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces))));
        await Gen.Select(Gen.OneOf("/upload", "/run/math/add", "/run-now"), body).SampleAsync(async (route, bytes) =>
        {
            using var response = await faas.PostAsync(route, bytes);
            Assert.InRange((int)response.StatusCode, 200, 499);
        }, iter: 500);
    }

    [Fact]
    public async Task No_target_is_answered_with_a_server_error()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var target = Gen.OneOf(
            "a",
            "/",
            "//",
            "..",
            ".",
            "%2F",
            "%2e%2e",
            "%00",
            "%",
            "%zz",
            "%C3%A9",
            "%C3",
            "?version=",
            "1",
            "&",
            ";",
            "+",
            "~",
            "#",
            "%0d%0a",
            "\\",
            "|")
            .Array[0, 10].Select(pieces => string.Concat(pieces));
        await target.SampleAsync(async path =>
        {
            using var client = await RawClient.ConnectAsync(faas.Address);
            await client.SendAsync($"POST /run/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            Assert.Matches("^HTTP/1.1 [24]", await client.ReadToEndAsync());
        }, iter: 300);
    }

    [Fact]
    public async Task Nothing_of_what_was_refused_reaches_the_pool()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        foreach (var body in new[] { "", "{", "[]", "{}", """{"language": "ruby", "code": "1"}""" })
        {
            using var response = await faas.PostAsync("/run-now", body);
            await response.ProblemAsync(400, "malformed");
        }

        Assert.DoesNotContain(faas.Pool.Rest(), message => message is SubmitRun);
    }
}
