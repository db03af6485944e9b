using System.Net;
using System.Text.Json;
using Faas.Actors.Hosts;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Http.Configuration;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Network;

/// <summary>The setting <c>network</c> of uploads and of <c>/run-now</c>, within what the server and the caller's key permit.</summary>
public sealed class NetworkApiTests
{
    [Fact]
    public async Task A_version_and_a_run_get_the_hosts_that_they_ask_for_in_one_form()
    {
        await using var faas = await StartAsync();
        ScriptSettings? stored = null;
        faas.Registry.Answer = message =>
        {
            stored = (message as PublishVersion)?.Settings ?? stored;
            return FaasUnderTest.AnswerOfRegistry(message);
        };
        EgressRules? ran = null;
        faas.OnSubmit(run =>
        {
            ran = run.Settings?.Network;
            return new RunEnded(run.RunId, FaasUnderTest.FortyTwo);
        });

        Assert.Equal((200, ""), await UploadAsync(faas, """{"allow": ["B.example.org.", "api.example.com:443", "b.example.org"]}"""));
        Assert.Equal("api.example.com:443, b.example.org", $"{stored!.Network!.Allow}");
        Assert.Equal((200, ""), await RunNowAsync(faas, """{"allow": ["*.example.org:443"]}"""));
        Assert.Equal("*.example.org:443", $"{ran}");
        foreach (var none in (string[])["""{"allow": []}""", "null"])
        {
            Assert.Equal((200, ""), await UploadAsync(faas, none));
            Assert.Null(stored.Network);
        }
    }

    [Theory]
    [InlineData("""["a.example.org"]""", "\"network\" must be an object with an array of hosts, \"allow\", not an array.")]
    [InlineData("{}", "\"network\" lacks \"allow\".")]
    [InlineData("""{"allow": "a"}""", "\"network.allow\" must be an array of strings, not a string.")]
    [InlineData("""{"deny": []}""", "\"network\" has \"deny\"; allowed is \"allow\".")]
    [InlineData("""{"allow": [], "allow": []}""", "\"network\" has \"allow\" twice.")]
    [InlineData("""{"allow": ["a.example.org:0"]}""", "\"network\" is wrong: \"a.example.org:0\" has the port \"0\"")]
    [InlineData("""{"allow": ["http://a.example.org"]}""", "\"network\" is wrong: \"http://a.example.org\" has the port")]
    [InlineData(
        """{"allow": ["a.example.org", "evil.example"]}""",
        "\"network\" asks for \"evil.example\", which the server (faas.network.allow) does not permit; "
            + "it permits *.example.org, api.example.com:443.")]
    [InlineData("""{"allow": ["*"]}""", "\"network\" asks for \"*\", which the server")]
    [InlineData("""{"allow": ["2130706433:443"]}""", "\"network\" asks for \"127.0.0.1:443\", which the server")]
    public async Task What_is_no_host_or_not_permitted_is_named(string network, string detail)
    {
        await using var faas = await StartAsync();
        foreach (var (status, said) in new[] { await UploadAsync(faas, network), await RunNowAsync(faas, network) })
        {
            Assert.Equal(400, status);
            Assert.StartsWith(detail, said, StringComparison.Ordinal);
        }

        Assert.Empty(faas.Pool.Rest());
    }

    [Fact]
    public async Task A_key_narrows_what_its_owner_may_ask_for_and_every_list_of_keys_shows_it()
    {
        await using var faas = await StartAsync(http => http.WithKeys());
        var admin = (Keys.Admin, HttpStatusCode.Created);
        const string hosts = """["*.example.org", "a.example.org"]""";
        var made = await SendAsync(faas, admin, "/api/v1/keys", $$"""{"name": "ci", "scopes": ["write", "execute"], "network": {{hosts}}}""");
        Assert.Equal("""["*.example.org","a.example.org"]""", made.GetProperty("network").GetRawText());
        var closed = await SendAsync(faas, admin, "/api/v1/keys", """{"name": "closed", "scopes": ["write", "execute"], "network": []}""");
        var (ci, none) = (made.GetProperty("secret").GetString()!, closed.GetProperty("secret").GetString()!);

        Assert.Equal((200, ""), await UploadAsync(faas, """{"allow": ["b.example.org"]}""", ci));
        Assert.Equal((200, ""), await RunNowAsync(faas, """{"allow": ["b.example.org"]}""", ci));
        Assert.Equal((200, ""), await UploadAsync(faas, """{"allow": ["api.example.com:443"]}""", Keys.Write));
        const string outside = "\"network\" asks for \"api.example.com:443\", which the key \"{0}\" does not permit; it permits {1}.";
        foreach (var (key, name, permits) in new[] { (ci, "ci", "*.example.org, a.example.org"), (none, "closed", "no host") })
        {
            var said = outside.Replace("{0}", name, StringComparison.Ordinal).Replace("{1}", permits, StringComparison.Ordinal);
            Assert.Equal((400, said), await UploadAsync(faas, """{"allow": ["api.example.com:443"]}""", key));
            Assert.Equal((400, said), await RunNowAsync(faas, """{"allow": ["api.example.com:443"]}""", key));
        }

        Assert.Equal((200, ""), await UploadAsync(faas, "null", none));
        var list = (await SendAsync(faas, (Keys.Admin, HttpStatusCode.OK), "/api/v1/keys")).GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal("[]", list.Single(key => key.GetProperty("name").GetString() == "closed").GetProperty("network").GetRawText());
        Assert.False(list.Single(key => key.GetProperty("name").GetString() == "author").TryGetProperty("network", out _));
        var own = await SendAsync(faas, (ci, HttpStatusCode.OK), "/api/v1/key");
        Assert.Equal("""["*.example.org","a.example.org"]""", own.GetProperty("network").GetRawText());
    }

    [Fact]
    public async Task A_server_that_cannot_listen_in_sandboxes_answers_501_to_what_asks_for_hosts_and_serves_the_rest()
    {
        await using var faas = await StartAsync(isSupported: false);
        foreach (var (status, said) in new[]
        {
            await UploadAsync(faas, """{"allow": ["b.example.org"]}"""), await RunNowAsync(faas, """{"allow": ["b.example.org"]}"""),
        })
        {
            Assert.Equal(501, status);
            Assert.Contains("it must run as root, on Linux 5.8 or later", said, StringComparison.Ordinal);
        }

        Assert.Empty(faas.Pool.Rest());
        Assert.Equal((200, ""), await UploadAsync(faas, "null"));
        Assert.Equal((200, ""), await RunNowAsync(faas, "null"));
    }

    [Theory]
    [InlineData("""["admin"], "network": []""", "\"network\" limits no key with the scope \"admin\"")]
    [InlineData("""["write"], "network": ["a b"]""", "\"network\" is wrong: \"a b\"")]
    [InlineData("""["write"], "network": "a" """, "\"network\" must be an array of strings")]
    public async Task A_key_with_hosts_that_are_none_or_with_every_right_is_refused(string scopes, string detail)
    {
        await using var faas = await StartAsync(http => http.WithKeys());
        var said = await SendAsync(
            faas, (Keys.Admin, HttpStatusCode.BadRequest), "/api/v1/keys", $$"""{"name": "x", "scopes": {{scopes}}}""");
        Assert.StartsWith(detail, said.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static Task<FaasUnderTest> StartAsync(
        Func<HttpOptions, HttpOptions>? http = null, bool isSupported = true) => FaasUnderTest.StartAsync(
        http,
        options => options with
        {
            Egress = options.Egress with { Allow = EgressRules.Parse(["*.example.org", "api.example.com:443"]) },
        },
        mayListenInSandboxes: isSupported);

    private static Task<(int Status, string Detail)> UploadAsync(FaasUnderTest faas, string network, string key = Keys.Admin) =>
        PostAsync(faas, "/upload", $$"""{"path": "math/add", "language": "python", "code": "return 7", "network": {{network}}}""", key);

    private static Task<(int Status, string Detail)> RunNowAsync(FaasUnderTest faas, string network, string key = Keys.Admin) =>
        PostAsync(faas, "/run-now", $$"""{"language": "python", "code": "return 7", "network": {{network}}}""", key);

    private static async Task<(int Status, string Detail)> PostAsync(FaasUnderTest faas, string route, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = JsonOf(body) };
        request.Headers.Add("X-Api-Key", key);
        using var response = await faas.Client.SendAsync(request);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, json.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString()! : "");
    }

    private static async Task<JsonElement> SendAsync(
        FaasUnderTest faas, (string Key, HttpStatusCode Wanted) who, string route, string? body = null)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, route);
        request.Content = body is null ? null : JsonOf(body);
        request.Headers.Add("X-Api-Key", who.Key);
        using var response = await faas.Client.SendAsync(request);
        Assert.Equal(who.Wanted, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }

    private static StringContent JsonOf(string body) => new(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
}
