using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key of <c>faas.http</c> that says who may call does.</summary>
public sealed class AccessSettingTests
{
    private const string Runner = "runner-0123456789";
    private const string Author = "author-0123456789";

    [Theory]
    [InlineData("", $"runner:execute:{Runner},author:write+invoke:{Author}")]
    // The SHA-256 of the second secret, as sha256sum prints it.
    [InlineData(
        $"faas.http.api-keys = [\"runner:execute:{Runner}\", \"author:write+invoke:sha256:049a6db37a1ed8fee0923bb303cdfc58a1234ca2bec87242a80bab56ed10634a\"]",
        "")]
    [Proves("http.api-keys")]
    public async Task Keys_let_their_owners_in_on_any_address_and_nobody_else(string settings, string variable)
    {
        await using var server = await FaasServer.StartAsync(settings, null, ("FAAS_API_KEYS", variable), ("HTTP_HOST", "0.0.0.0"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Address.Port}") };

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, null, "/run-now"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, "runner-012345678X", "/run-now"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, Runner, "/run-now"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, Runner, "/upload"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, Author, "/upload"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/readyz", UriKind.Relative))).StatusCode);
        await server.EndAsync();
        Assert.DoesNotContain("0123456789", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    [Proves("http.cors-origins")]
    public async Task A_page_of_a_listed_site_may_call_and_read_the_answer()
    {
        await using var server = await FaasServer.StartAsync("faas.http.cors-origins = [\"https://app.example.org\"]");
        foreach (var (site, status) in new[] { ("https://app.example.org", 200), ("https://other.example.org", 403) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/run-now")
            {
                Content = new StringContent("{\"language\": \"python\", \"code\": \"return 1\"}", Encoding.UTF8, "application/json"),
                Headers = { { "Origin", site } },
            };
            using var response = await server.Client.SendAsync(request);
            Assert.Equal((status, status == 200), ((int)response.StatusCode, response.Headers.Contains("Access-Control-Allow-Origin")));
        }

        await server.EndAsync();
    }

    [Fact]
    [Proves("http.allow-anonymous")]
    public async Task Every_address_is_served_without_keys_only_when_that_is_written_out()
    {
        var (exitCode, log) = await FaasServer.StartAndFailAsync("", ("HTTP_HOST", "0.0.0.0"));
        Assert.Equal(78, exitCode);
        Assert.StartsWith(
            "faas: faas.http.host = \"0.0.0.0\": allowed is a loopback address",
            Assert.Single(log.Trim().Split('\n')),
            StringComparison.Ordinal);

        await using var server = await FaasServer.StartAsync("faas.http.allow-anonymous = true", null, ("HTTP_HOST", "0.0.0.0"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Address.Port}") };
        client.DefaultRequestHeaders.Host = "faas.example";
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, null, "/run-now"));
        await server.EndAsync();
    }

    [Fact]
    [Proves("http.rate-limit.requests-per-second")]
    [Proves("http.rate-limit.burst")]
    public async Task A_caller_over_its_rate_is_told_when_to_come_back()
    {
        await using var server = await FaasServer.StartAsync("faas.http.rate-limit { requests-per-second = 0.01, burst = 2 }");

        Assert.Equal(HttpStatusCode.OK, (await server.RunNowAsync("python", "return 1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.RunNowAsync("python", "return 1")).Status);
        var refused = await server.RunNowAsync("python", "return 1");
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), (refused.Status, refused.Reason));
        Assert.Equal(TimeSpan.FromSeconds(101), refused.RetryAfter);
        await server.EndAsync();
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string? secret, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent("""{"path": "one", "language": "python", "code": "return 1"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
