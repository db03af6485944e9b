using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Faas.Actors.Hosts;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Http.Configuration;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Network;

/// <summary>The setting <c>sealed</c> of uploads and of <c>/run-now</c>.</summary>
public sealed class SealedApiTests
{
    private const string Network = """ "network": {"allow": ["*.example.org", "api.example.com"]} """;

    [Fact]
    public async Task A_version_binds_a_secret_to_hosts_and_its_runs_get_a_placeholder_and_keep_the_value_for_the_proxy_and_the_mask()
    {
        await using var faas = await StartAsync();
        await WriteAsync(faas, "KEY", "v-5f2a-8c31");
        ScriptSettings? stored = null;
        faas.Registry.Answer = message =>
        {
            stored = (message as PublishVersion)?.Settings ?? stored;
            return FaasUnderTest.AnswerOfRegistry(message);
        };
        Assert.Equal((200, ""), await UploadAsync(faas, """{"KEY": ["B.example.org:80", "api.example.com:80"]}"""));
        Assert.Equal("KEY[api.example.com:80, b.example.org:80]", $"{stored!.Sealed}");

        var given = new List<(string Payload, string Placeholder, string Hosts, string Masked)>();
        faas.OnSubmit(run =>
        {
            var secret = Assert.Single(run.Secrets!.Sealed);
            Assert.DoesNotContain("v-5f2a", run.ToString(), StringComparison.Ordinal);
            var masked = Encoding.UTF8.GetString(run.Secrets.Mask.Text("it is v-5f2a-8c31"u8.ToArray()).Span);
            given.Add((Payload(run.Secrets), secret.Placeholder, $"{secret.Hosts}", masked));
            return new RunEnded(run.RunId, FaasUnderTest.FortyTwo);
        });
        for (var call = 0; call < 2; call++)
        {
            Assert.Equal((200, ""), await RunNowAsync(faas, """{"KEY": ["b.example.org:80"]}"""));
        }

        Assert.NotEqual(given[0].Placeholder, given[1].Placeholder);
        Assert.All(given, one => Assert.Equal(
            ($$$"""{"values":{"KEY":"{{{one.Placeholder}}}"},"env":false}""", "b.example.org:80", "it is ***"),
            (one.Payload, one.Hosts, one.Masked)));
    }

    [Theory]
    [InlineData("""["KEY"]""", "\"sealed\" must be an object with an array of hosts for each secret, not an array.")]
    [InlineData("""{"KEY": "a.example.org"}""", "\"sealed.KEY\" must be an array of strings, not a string.")]
    [InlineData("""{"KEY": ["a b"]}""", "\"sealed\" is wrong in \"KEY\": \"a b\"")]
    [InlineData("""{"KEY": ["a.example.org:80"], "KEY": []}""", "\"sealed\" has \"KEY\" twice.")]
    [InlineData("""{"KEY": []}""", "\"sealed\" binds \"KEY\" to no host")]
    [InlineData("""{"1": ["a.example.org:80"]}""", "\"sealed\" names \"1\"; a name has")]
    [InlineData("""{"KEY": ["a.example.net:80"]}""", "\"sealed\" binds \"KEY\" to \"a.example.net:80\", which \"network\" does not allow; it allows *.example.org, api.example.com.")]
    [InlineData("""{"KEY": ["*:80"]}""", "\"sealed\" binds \"KEY\" to \"*:80\", which \"network\" does not allow")]
    [InlineData("""{"KEY": ["a.example.org"]}""", "\"sealed\" binds \"KEY\" to \"a.example.org\", which has the port 443. To put a secret into a request over TLS, the server must end TLS, which its operator has not enabled (faas.network.interception).")]
    [InlineData("""{"OTHER": ["a.example.org:80"]}""", "\"sealed\" names the secret \"OTHER\", which does not exist.")]
    public async Task What_cannot_be_is_named_at_the_upload_and_at_the_call(string bound, string detail)
    {
        await using var faas = await StartAsync();
        await WriteAsync(faas, "KEY", "v-5f2a-8c31");
        foreach (var (status, said) in new[] { await UploadAsync(faas, bound), await RunNowAsync(faas, bound) })
        {
            Assert.Equal(400, status);
            Assert.StartsWith(detail, said, StringComparison.Ordinal);
        }

        Assert.Empty(faas.Pool.Rest());
    }

    [Fact]
    public async Task A_secret_is_listed_or_sealed_and_needs_a_host_that_the_version_asks_for()
    {
        await using var faas = await StartAsync();
        await WriteAsync(faas, "KEY", "v-5f2a-8c31");
        const string bound = """{"KEY": ["a.example.org:80"]}""";
        Assert.Equal(
            (400, "\"sealed\" names \"KEY\", and \"secrets\" lists it, too; a script has the value of a secret or a placeholder."),
            await UploadAsync(faas, bound, $"{Network}, \"secrets\": [\"KEY\"]"));
        Assert.Equal(
            (400, "\"sealed\" binds \"KEY\" to \"a.example.org:80\", but \"network\" allows no host."),
            await UploadAsync(faas, bound, "\"secretsInEnv\": true"));
        Assert.Equal(
            (400, "\"KEY\" is in \"env\" and, because of \"secretsInEnv\", a secret."),
            await UploadAsync(faas, bound, $"{Network}, \"secretsInEnv\": true, \"env\": {{\"KEY\": \"x\"}}"));
        Assert.Equal((200, ""), await UploadAsync(faas, bound, $"{Network}, \"secretsInEnv\": true"));
    }

    [Fact]
    public async Task With_interception_a_secret_may_be_bound_to_a_host_over_TLS()
    {
        await using var faas = await StartAsync(hasInterception: true);
        await WriteAsync(faas, "KEY", "v-5f2a-8c31");
        Assert.Equal((200, ""), await UploadAsync(faas, """{"KEY": ["a.example.org", "api.example.com:443"]}"""));
    }

    [Fact]
    public async Task Code_of_a_call_gets_sealed_secrets_for_those_who_may_store_scripts_and_only_those_of_every_script()
    {
        await using var faas = await StartAsync(http => http.WithKeys());
        await WriteAsync(faas, "KEY", "v-5f2a-8c31");
        await WriteAsync(faas, "TEAM", "v-5f2a-8c32", "team");
        var secret = await MakeKeyAsync(faas, """{"name": "caller", "scopes": ["execute"]}""");
        const string bound = """{"KEY": ["a.example.org:80"]}""";
        Assert.Equal((403, "The key \"caller\" lacks the scope \"write\"."), await RunNowAsync(faas, bound, key: secret));
        Assert.Equal(
            (400, "\"sealed\" names the secret \"TEAM\", which is not for this script."),
            await RunNowAsync(faas, """{"TEAM": ["a.example.org:80"]}"""));
        faas.OnSubmit(run => new RunEnded(run.RunId, FaasUnderTest.FortyTwo));
        Assert.Equal((200, ""), await RunNowAsync(faas, bound));
    }

    private static Task<FaasUnderTest> StartAsync(Func<HttpOptions, HttpOptions>? http = null, bool hasInterception = false) =>
        FaasUnderTest.StartAsync(
            http,
            options => options with
            {
                Egress = options.Egress with
                {
                    Allow = EgressRules.Parse(["*.example.org", "api.example.com"]), HasInterception = hasInterception,
                },
            },
            mayListenInSandboxes: true);

    private static async Task WriteAsync(FaasUnderTest faas, string name, string value, params string[] paths)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/secrets/{name}")
        {
            Content = JsonOf(JsonSerializer.Serialize(new { value, paths })),
        };
        request.Headers.Add("X-Api-Key", Keys.Admin);
        using var response = await faas.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<string> MakeKeyAsync(FaasUnderTest faas, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/keys") { Content = JsonOf(body) };
        request.Headers.Add("X-Api-Key", Keys.Admin);
        using var response = await faas.Client.SendAsync(request);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("secret").GetString()!;
    }

    private static Task<(int Status, string Detail)> UploadAsync(FaasUnderTest faas, string bound, string others = Network) => PostAsync(
        faas, "/upload", $$"""{"path": "math/add", "language": "python", "code": "return 7", "sealed": {{bound}}, {{others}}}""", Keys.Admin);

    private static Task<(int Status, string Detail)> RunNowAsync(FaasUnderTest faas, string bound, string key = Keys.Admin) => PostAsync(
        faas, "/run-now", $$"""{"language": "python", "code": "return 7", "sealed": {{bound}}, {{Network}}}""", key);

    private static async Task<(int Status, string Detail)> PostAsync(FaasUnderTest faas, string route, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = JsonOf(body) };
        request.Headers.Add("X-Api-Key", key);
        using var response = await faas.Client.SendAsync(request);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, json.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString()! : "");
    }

    private static string Payload(Faas.Actors.Runs.RunSecrets secrets)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            secrets.WriteTo(json);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static StringContent JsonOf(string body) => new(body, new MediaTypeHeaderValue("application/json"));
}
