using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Access;

/// <summary>Keys that are made, listed and ended while the server runs.</summary>
public sealed class KeyApiTests
{
    private const string Route = "/api/v1/keys";

    [Fact]
    public async Task A_key_opens_what_its_scopes_say_from_the_next_request_on_until_it_is_ended()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        var (created, made) = await PostAsync(faas, """{"name": "ci", "scopes": ["invoke"], "paths": ["math"]}""");
        Assert.Equal(HttpStatusCode.Created, created);
        var secret = made.GetProperty("secret").GetString()!;
        Assert.StartsWith("faas_", secret, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, await RunAsync(faas, secret, "/run/math/add"));
        Assert.Equal(HttpStatusCode.Forbidden, await RunAsync(faas, secret, "/run/other"));
        Assert.Equal(HttpStatusCode.Forbidden, await RunAsync(faas, secret, "/run-now"));

        using var ended = await SendAsync(faas, HttpMethod.Delete, $"{Route}/ci");
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await RunAsync(faas, secret, "/run/math/add"));
        using var again = await SendAsync(faas, HttpMethod.Delete, $"{Route}/ci");
        Assert.Equal("There is no key \"ci\".", await again.ProblemAsync(404, "not_found"));
    }

    [Fact]
    public async Task Keys_are_listed_without_their_secrets()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        await PostAsync(
            faas,
            """{"name": "ci", "scopes": ["write", "read"], "expiresAt": "2090-01-31T00:00:00Z", "rate": {"requestsPerSecond": 0.5, "burst": 2}}""");
        using var response = await SendAsync(faas, HttpMethod.Get, Route);
        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("secret", text, StringComparison.OrdinalIgnoreCase);
        var keys = JsonDocument.Parse(text).RootElement.GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(["runner", "player", "author", "reader", "root", "ci"], keys.Select(key => key.GetProperty("name").GetString()));
        Assert.Equal("settings", keys[0].GetProperty("source").GetString());
        Assert.Equal("""["write","read"]""", keys[5].GetProperty("scopes").GetRawText());
        Assert.Equal(2, keys[5].GetProperty("rate").GetProperty("burst").GetInt32());
        Assert.Equal("api", keys[5].GetProperty("source").GetString());
    }

    [Fact]
    public async Task A_key_has_a_rate_of_its_own()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        var (_, made) = await PostAsync(
            faas, """{"name": "slow", "scopes": ["invoke"], "rate": {"requestsPerSecond": 0.01, "burst": 1}}""");
        var secret = made.GetProperty("secret").GetString()!;
        Assert.Equal(HttpStatusCode.OK, await RunAsync(faas, secret, "/run/math/add"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await RunAsync(faas, secret, "/run/math/add"));
        Assert.Equal(HttpStatusCode.OK, await RunAsync(faas, Keys.Invoke, "/run/math/add"));
    }

    [Fact]
    public async Task A_key_ends_by_itself()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        var soon = DateTimeOffset.UtcNow.AddSeconds(2);
        var (_, made) = await PostAsync(faas, $$"""{"name": "soon", "scopes": ["invoke"], "expiresAt": "{{soon:O}}"}""");
        var secret = made.GetProperty("secret").GetString()!;
        await Faas.Testing.Eventually.HoldsAsync(
            async () => await RunAsync(faas, secret, "/run/math/add") == HttpStatusCode.Unauthorized,
            TimeSpan.FromSeconds(20),
            () => "the key does not end");
        Assert.True(DateTimeOffset.UtcNow >= soon);
    }

    [Theory]
    [InlineData("{}", "\"name\" is missing.")]
    [InlineData("""{"name": "a b", "scopes": ["read"]}""", "\"name\" is \"a b\"; allowed are 1 to 64 letters, digits or -._.")]
    [InlineData("""{"name": "a"}""", "\"scopes\" is missing.")]
    [InlineData("""{"name": "a", "scopes": []}""", "\"scopes\" is empty; a key has at least one of ")]
    [InlineData("""{"name": "a", "scopes": ["reed"]}""", "\"scopes\" has \"reed\"; allowed are ")]
    [InlineData("""{"name": "a", "scopes": "read"}""", "\"scopes\" must be an array of strings, not a string.")]
    [InlineData("""{"name": "a", "scopes": ["read"], "paths": ["a//b"]}""", "\"paths\" has \"a//b\", which must not contain empty segments")]
    [InlineData("""{"name": "a", "scopes": ["admin"], "paths": ["a"]}""", "\"paths\" limits no key with the scope \"admin\"")]
    [InlineData("""{"name": "a", "scopes": ["read"], "expiresAt": "tomorrow"}""", "\"expiresAt\" is \"tomorrow\"; allowed is a time with a zone")]
    [InlineData("""{"name": "a", "scopes": ["read"], "expiresAt": "2090-01-31"}""", "allowed is a time with a zone")]
    [InlineData("""{"name": "a", "scopes": ["read"], "expiresAt": "2090-01-31T00:00:00"}""", "allowed is a time with a zone")]
    [InlineData("""{"name": "a", "scopes": ["read"], "expiresAt": "01/02/2090 00:00:00Z"}""", "allowed is a time with a zone")]
    [InlineData("""{"name": "a", "scopes": ["read"], "expiresAt": "2020-01-01T00:00:00Z"}""", "which is past.")]
    [InlineData("""{"name": "a", "scopes": ["read"], "rate": {"requestsPerSecond": 0, "burst": 1}}""", "\"rate.requestsPerSecond\" is 0; allowed are 0.01 to 100000.")]
    [InlineData("""{"name": "a", "scopes": ["read"], "rate": {"requestsPerSecond": 1}}""", "\"rate.burst\" is missing.")]
    [InlineData("""{"name": "a", "scopes": ["read"], "scope": 1}""", "\"scope\"")]
    public async Task What_no_key_can_be_is_refused_by_name(string body, string detail)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var response = await SendAsync(faas, HttpMethod.Post, Route, body);
        Assert.Contains(detail, await response.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_given_once_and_keys_of_the_settings_stay()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        await PostAsync(faas, """{"name": "ci", "scopes": ["read"]}""");
        using var twice = await SendAsync(faas, HttpMethod.Post, Route, """{"name": "ci", "scopes": ["read"]}""");
        Assert.Equal("There is a key \"ci\" already.", await twice.ProblemAsync(409, "conflict"));
        using var settings = await SendAsync(faas, HttpMethod.Post, Route, """{"name": "root", "scopes": ["read"]}""");
        Assert.Equal("There is a key \"root\" already, in the settings.", await settings.ProblemAsync(409, "conflict"));
        using var ended = await SendAsync(faas, HttpMethod.Delete, $"{Route}/root");
        Assert.Contains("remove it there", await ended.ProblemAsync(409, "conflict"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_for_no_keys_makes_none()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(Route, """{"name": "ci", "scopes": ["read"]}""");
        Assert.Contains("asks for no keys", await response.ProblemAsync(409, "conflict"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_of_any_key_is_told_what_it_opens()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            http => http.WithKeys("team:invoke+metrics@math@jobs/nightly:team-0123456789ab"));
        using var team = await SendAsync(faas, HttpMethod.Get, "/api/v1/key", secret: "team-0123456789ab");
        Assert.Equal(
            """{"name":"team","scopes":["invoke","metrics"],"paths":["math","jobs/nightly"]}""", await team.Content.ReadAsStringAsync());
        var (_, ci) = await PostAsync(faas, """{"name": "ci", "scopes": ["runs"], "expiresAt": "2090-01-31T00:00:00Z"}""");
        using var soon = await SendAsync(faas, HttpMethod.Get, "/api/v1/key", secret: ci.GetProperty("secret").GetString()!);
        Assert.Equal(
            """{"name":"ci","scopes":["runs"],"paths":[],"expiresAt":"2090-01-31T00:00:00Z"}""", await soon.Content.ReadAsStringAsync());
        using var admin = await SendAsync(faas, HttpMethod.Get, "/api/v1/key");
        Assert.Equal("""{"name":"root","scopes":["admin"],"paths":[]}""", await admin.Content.ReadAsStringAsync());
        using var stranger = await SendAsync(faas, HttpMethod.Get, "/api/v1/key", secret: "stranger-0123456789");
        await stranger.ProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Without_keys_every_caller_may_do_everything()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        Assert.Equal("""{"scopes":["admin"],"paths":[]}""", await faas.Client.GetStringAsync("/api/v1/key"));
    }

    [Theory]
    [InlineData("GET", Route)]
    [InlineData("POST", Route)]
    [InlineData("DELETE", $"{Route}/ci")]
    public async Task Only_admins_may(string method, string path)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var response = await SendAsync(faas, new HttpMethod(method), path, "{}", Keys.Write);
        await response.ProblemAsync(403, "forbidden");
    }

    private static async Task<(HttpStatusCode Status, JsonElement Key)> PostAsync(FaasUnderTest faas, string body)
    {
        using var response = await SendAsync(faas, HttpMethod.Post, Route, body);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static async Task<HttpStatusCode> RunAsync(FaasUnderTest faas, string secret, string path)
    {
        var body = path == "/run-now" ? """{"language": "python", "code": "return 42"}""" : "{}";
        using var response = await SendAsync(faas, HttpMethod.Post, path, body, secret);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(
        FaasUnderTest faas, HttpMethod method, string path, string? body = null, string secret = Keys.Admin)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Api-Key", secret);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await faas.Client.SendAsync(request);
    }
}
