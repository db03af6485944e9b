using System.Net;
using System.Text;
using Faas.Http.Api.Page;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Page;

/// <summary>The page that browsers get, on a page of four small files.</summary>
public sealed class PageTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static readonly Dictionary<string, string> s_files = new()
    {
        ["index.html"] = "<!doctype html>plain",
        ["index.html.br"] = "index in Brotli",
        ["index.html.gz"] = "index in gzip",
        ["page/app-1a2b.js"] = "plain script",
        ["page/app-1a2b.js.br"] = "script in Brotli",
        ["page/app-1a2b.js.gz"] = "script in gzip",
        ["page/icon-3c4d.svg"] = "<svg/>",
        ["page/notes.txt"] = "a file of no kind that a page has",
    };

    private static readonly PageFiles s_page = new(s_files.Keys, name => new MemoryStream(Encoding.UTF8.GetBytes(s_files[name])));
    private static readonly PageFiles s_noPage = new([], _ => Stream.Null);

    [Theory]
    [InlineData("/")]
    [InlineData("/scripts")]
    [InlineData("/scripts/math%2Fadd")]
    [InlineData("/scripts/math/add?version=3")]
    [InlineData("/pool")]
    [InlineData("/runs")]
    [InlineData("/runs/0194e4e8c3~k5f3a9c2e4b1d7a60?kept=true")]
    [InlineData("/schedules/nightly-report")]
    public async Task A_browser_gets_the_page_without_a_key(string path)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys(), page: s_page);
        using var response = await SendAsync(faas, HttpMethod.Get, path, Browser);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(s_files["index.html"], await response.Content.ReadAsStringAsync());
        Assert.Equal("no-cache", response.Header("Cache-Control"));
        Assert.Equal("Accept, Accept-Encoding", string.Join(", ", response.Headers.Vary));
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", response.Header("Referrer-Policy"));
        Assert.Equal("same-origin", response.Header("Cross-Origin-Opener-Policy"));

        using var head = await SendAsync(faas, HttpMethod.Head, path, Browser);
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, await head.Content.ReadAsStringAsync()));
        Assert.Equal(response.Header("ETag"), head.Header("ETag"));
    }

    [Fact]
    public async Task Its_policy_lets_it_run_its_own_scripts_and_talk_to_this_server_alone()
    {
        await using var faas = await FaasUnderTest.StartAsync(page: s_page);
        using var response = await SendAsync(faas, HttpMethod.Get, "/", Browser);
        var policy = response.Header("Content-Security-Policy").Split("; ").Select(rule => rule.Split(' ', 2))
            .ToDictionary(rule => rule[0], rule => rule[1]);
        Assert.Equal(
            ("'none'", "'self'", "'self'", "'self'"),
            (policy["default-src"], policy["script-src"], policy["style-src"], policy["connect-src"]));
        Assert.Equal(("'none'", "'none'", "'none'"), (policy["frame-ancestors"], policy["base-uri"], policy["form-action"]));
        Assert.DoesNotContain("unsafe", response.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("text/html;q=0, */*")]
    [InlineData("nonsense;;")]
    public async Task Every_other_client_gets_the_list_of_routes_and_no_view(string? accept)
    {
        await using var faas = await FaasUnderTest.StartAsync(page: s_page);
        using var response = await SendAsync(faas, HttpMethod.Get, "/", accept);
        Assert.Equal((HttpStatusCode.OK, "text/plain"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains("POST   /run-now", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("Accept", response.Header("Vary"));
        using var view = await SendAsync(faas, HttpMethod.Get, "/scripts", accept);
        await view.ProblemAsync(404, "not_found");
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("GET", "/scriptsx", 404)]
    [InlineData("GET", "/page/none.js", 404)]
    [InlineData("GET", "/page/notes.txt", 404)]
    [InlineData("GET", "/page/..%2Findex.html", 404)]
    [InlineData("GET", "/page/app-1a2b.js.br", 404)]
    [InlineData("POST", "/scripts", 404)]
    [InlineData("POST", "/", 405)]
    [InlineData("GET", "/run-now", 405)]
    public async Task What_is_not_of_the_page_is_answered_to_a_browser_as_to_everyone(string method, string path, int status)
    {
        await using var faas = await FaasUnderTest.StartAsync(page: s_page);
        using var response = await SendAsync(faas, new HttpMethod(method), path, Browser);
        await response.ProblemAsync(status, status == 404 ? "not_found" : "method");
    }

    [Theory]
    [InlineData(null, "", "plain script")]
    [InlineData("identity", "", "plain script")]
    [InlineData("gzip, deflate, br", "br", "script in Brotli")]
    [InlineData("br;q=0, gzip", "gzip", "script in gzip")]
    [InlineData("zstd", "", "plain script")]
    public async Task A_file_is_sent_in_the_smallest_coding_that_the_client_takes(string? accepted, string coding, string content)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys(), page: s_page);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/page/app-1a2b.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var response = await faas.Client.SendAsync(request);
        Assert.Equal(content, await response.Content.ReadAsStringAsync());
        Assert.Equal(coding, string.Join(", ", response.Content.Headers.ContentEncoding));
        Assert.Equal("text/javascript", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", response.Header("Cache-Control"));
        Assert.Equal("Accept-Encoding", response.Header("Vary"));

        using var again = new HttpRequestMessage(HttpMethod.Get, "/page/app-1a2b.js");
        again.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        again.Headers.TryAddWithoutValidation("If-None-Match", response.Header("ETag"));
        using var unchanged = await faas.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task A_file_that_exists_in_one_form_only_is_sent_so()
    {
        await using var faas = await FaasUnderTest.StartAsync(page: s_page);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/page/icon-3c4d.svg");
        request.Headers.Add("Accept-Encoding", "br, gzip");
        using var response = await faas.Client.SendAsync(request);
        Assert.Equal("<svg/>", await response.Content.ReadAsStringAsync());
        Assert.Equal("image/svg+xml", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_server_that_was_built_without_its_page_says_so()
    {
        await using var faas = await FaasUnderTest.StartAsync(page: s_noPage);
        using var response = await SendAsync(faas, HttpMethod.Get, "/", Browser);
        Assert.Equal((HttpStatusCode.OK, "text/plain"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith(
            "This server was built without its page. `make build`", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var view = await SendAsync(faas, HttpMethod.Get, "/pool", Browser);
        await view.ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task A_server_without_keys_shows_it_under_the_names_of_this_machine_alone()
    {
        await using var faas = await FaasUnderTest.StartAsync(page: s_page);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/scripts") { Headers = { Host = "rebound.example.org" } };
        request.Headers.TryAddWithoutValidation("Accept", Browser);
        using var response = await faas.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(FaasUnderTest faas, HttpMethod method, string path, string? accept)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return faas.Client.SendAsync(request);
    }
}
