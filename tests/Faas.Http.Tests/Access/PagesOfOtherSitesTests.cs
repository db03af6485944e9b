using System.Net;
using Faas.Actors.Pool;
using Faas.Http.Access;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Access;

/// <summary>What a browser asks on behalf of a page, and what it lets the page read.</summary>
public sealed class PagesOfOtherSitesTests
{
    private const string Site = "https://app.example.org";

    [Theory]
    [InlineData(Site, true)]
    [InlineData("https://other.example.org", false)]
    [InlineData("http://localhost:3000", false)]
    [InlineData("null", false)]
    public async Task A_preflight_needs_no_key_and_allows_listed_sites_alone(string origin, bool isAllowed)
    {
        await using var faas = await WithKeysAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, "/run/math/add")
        {
            Headers =
            {
                { "Origin", origin },
                { "Access-Control-Request-Method", "POST" },
                { "Access-Control-Request-Headers", "content-type, x-api-key" },
            },
        };
        using var response = await faas.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(
            isAllowed ? (Site, "content-type,x-api-key", "600") : (null, null, null),
            (Header(response, "Access-Control-Allow-Origin"), Header(response, "Access-Control-Allow-Headers"),
                Header(response, "Access-Control-Max-Age")));
        Assert.Empty(faas.Pool.Rest());
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task A_listed_site_reads_every_answer_and_its_headers(int status)
    {
        await using var faas = await WithKeysAsync();
        faas.Client.DefaultRequestHeaders.Add("Origin", Site);
        faas.Client.DefaultRequestHeaders.Add("X-Api-Key", status == 401 ? "unknown-0123456789" : Keys.Invoke);
        using var response = await faas.PostAsync(status == 404 ? "/run/no/such" : "/run/math/add", "{}");

        Assert.Equal((status, Site), ((int)response.StatusCode, Header(response, "Access-Control-Allow-Origin")));
        Assert.Contains("X-Script-Version", Header(response, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Equal("Origin", string.Join(',', response.Headers.Vary));
    }

    [Theory]
    [InlineData("http://localhost:3000")]
    [InlineData("http://127.0.0.1:5173")]
    public async Task Without_keys_a_page_of_this_machine_reads_the_answer(string origin)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Client.DefaultRequestHeaders.Add("Origin", origin);
        using var response = await faas.PostAsync("/run/math/add", "{}");
        Assert.Equal((HttpStatusCode.OK, origin), (response.StatusCode, Header(response, "Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task A_page_that_may_not_call_gets_nothing_run_by_a_body_that_needs_no_preflight(string? contentType)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.With(access => access with { AllowAnonymous = true }));
        faas.Client.DefaultRequestHeaders.Add("Origin", "https://other.example.org");
        using var response = await faas.PostAsync("/run/math/add", "{}"u8.ToArray(), contentType);
        await response.ProblemAsync(415, "media_type");
        Assert.Empty(faas.Pool.Rest().OfType<SubmitRun>());
    }

    private static Task<FaasUnderTest> WithKeysAsync() => FaasUnderTest.StartAsync(http =>
        http.WithKeys().With(access => access with { Origins = new AllowedOrigins(new HashSet<string> { Site }, Any: false) }));

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
