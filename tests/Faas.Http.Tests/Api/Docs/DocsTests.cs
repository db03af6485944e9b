using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Docs;

/// <summary>The page that shows the API's document.</summary>
public sealed partial class DocsTests
{
    [Fact]
    public async Task The_page_needs_no_key_and_names_no_other_host()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var response = await faas.Client.GetAsync("/docs");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var page = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("//", page, StringComparison.Ordinal);
        Assert.Equal(["docs/scalar.js"], Source().Matches(page).Select(source => source.Groups[1].Value));

        var configuration = JsonDocument.Parse(Configuration().Match(page).Groups[1].Value).RootElement;
        foreach (var url in new[] { configuration.GetProperty("url").GetString()!, "docs/scalar.js" })
        {
            using var found = await faas.Client.GetAsync(new Uri(new Uri(faas.Address, "docs"), url));
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }
    }

    [Fact]
    public async Task Its_policy_lets_it_talk_to_this_server_alone()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.Client.GetAsync("/docs");
        var policy = response.Header("Content-Security-Policy").Split("; ").Select(rule => rule.Split(' ', 2))
            .ToDictionary(rule => rule[0], rule => rule[1]);
        Assert.Equal(("'none'", "'self'", "'self'"), (policy["default-src"], policy["script-src"], policy["connect-src"]));
        Assert.Equal("'none'", policy["frame-ancestors"]);
        Assert.All(policy.Values.SelectMany(sources => sources.Split(' ')), source => Assert.Matches("^('[a-z-]+'|data:)$", source));
    }

    [Fact]
    public async Task The_script_is_sent_compressed_to_those_who_take_it_so()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var plain = await faas.Client.GetAsync("/docs/scalar.js");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/docs/scalar.js") { Headers = { { "Accept-Encoding", "br, gzip" } } };
        using var compressed = await faas.Client.SendAsync(request);
        Assert.Equal("gzip", Assert.Single(compressed.Content.Headers.ContentEncoding));
        Assert.NotEqual(plain.Header("ETag"), compressed.Header("ETag"));
        await using var unpacked = new GZipStream(await compressed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var script = new StreamReader(unpacked);
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await script.ReadToEndAsync());
        Assert.Equal("text/javascript", plain.Content.Headers.ContentType?.MediaType);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/docs/scalar.js");
        again.Headers.TryAddWithoutValidation("If-None-Match", plain.Header("ETag"));
        using var unchanged = await faas.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var head = await faas.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/docs/scalar.js"));
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, await head.Content.ReadAsStringAsync()));
    }

    [GeneratedRegex("src=\"([^\"]+)\"")]
    private static partial Regex Source();

    [GeneratedRegex("data-configuration='([^']+)'")]
    private static partial Regex Configuration();
}
