using Faas.Actors.Pool;
using Faas.Http.Access;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Access;

/// <summary>A server without keys, and the web pages that a browser on its machine may show.</summary>
public sealed class ThisMachineOnlyTests
{
    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:8080", 200)]
    [InlineData("127.0.0.1:9", 200)]
    [InlineData("127.1.2.3", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("rebound.example", 421)]
    [InlineData("localhost.example", 421)]
    [InlineData("127.0.0.1.example", 421)]
    [InlineData("192.0.2.1", 421)]
    [InlineData("0.0.0.0", 421)]
    [InlineData("", 421)]
    public async Task It_answers_to_names_that_nobody_else_can_own(string host, int status)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        foreach (var target in new[] { "POST /run/math/add", "GET /healthz", "GET /nowhere" })
        {
            using var client = await RawClient.ConnectAsync(faas.Address);
            await client.SendAsync($"{target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            var expected = status == 200 && target.EndsWith("nowhere", StringComparison.Ordinal) ? 404 : status;
            var answer = await client.ReadToEndAsync();
            Assert.StartsWith($"HTTP/1.1 {expected} ", answer, StringComparison.Ordinal);
            Assert.Equal(status == 421, answer.Contains("\"reason\":\"misdirected\"", StringComparison.Ordinal));
        }

        Assert.Equal(status == 200, faas.Pool.Rest().OfType<SubmitRun>().Any());
    }

    [Theory]
    [InlineData("http://localhost:3000", 200)]
    [InlineData("http://127.0.0.1", 200)]
    [InlineData("http://[::1]:3000", 200)]
    [InlineData("https://example.org", 403)]
    [InlineData("https://localhost.example.org", 403)]
    [InlineData("null", 403)]
    [InlineData("", 403)]
    public async Task A_page_of_another_site_runs_nothing_even_without_a_body(string origin, int status)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync(
            $"POST /run/math/add HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var answer = await client.ReadToEndAsync();
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(status == 403, answer.Contains("\"reason\":\"forbidden\"", StringComparison.Ordinal));
        Assert.Equal(status == 200, faas.Pool.Rest().OfType<SubmitRun>().Any());
    }

    [Fact]
    public async Task A_site_that_the_operator_has_listed_may_call_without_a_key()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            http => http.With(access => access with { Origins = Sites("https://example.org") }));
        faas.Client.DefaultRequestHeaders.Add("Origin", "https://example.org");
        using var response = await faas.PostAsync("/run/math/add", "{}");
        Assert.Equal(("https://example.org", 200), (response.Header("Access-Control-Allow-Origin"), (int)response.StatusCode));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_keys_or_for_everybody_any_name_is_served(bool keys)
    {
        await using var faas = await FaasUnderTest.StartAsync(
            http => keys ? http.WithKeys() : http.With(access => access with { AllowAnonymous = true }));
        using var client = await RawClient.ConnectAsync(faas.Address);
        await client.SendAsync($"POST /run/math/add HTTP/1.1\r\nHost: faas.example\r\nOrigin: https://faas.example\r\nX-Api-Key: {Keys.Invoke}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static AllowedOrigins Sites(params string[] origins) => new(origins.ToHashSet(), Any: false);

    [Theory]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("localhost.", false)]
    [InlineData("2130706433", true)]
    public void Odd_forms_of_this_machine_are_its_own(string host, bool isLoopback) =>
        Assert.Equal(isLoopback, ThisMachineOnly.IsLoopback(host));
}
