using System.Net;
using System.Text;
using System.Text.Json;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Secrets;
using Faas.Http.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Faas.Http.Tests.Api.Secrets;

/// <summary>Secrets over HTTP: they go in, are listed and deleted, and never come out.</summary>
public sealed class SecretApiTests
{
    private const string Route = "/api/v1/secrets";
    private const string Value = "v-5f2a\\u00e4\\\"91";

    [Fact]
    public async Task A_secret_is_made_replaced_listed_and_deleted_and_its_value_never_comes_back()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var (made, first) = await SendAsync(faas, "PUT", "/TOKEN", $$"""{"value": "{{Value}}", "paths": ["math/", "math"]}""");
        Assert.Equal(HttpStatusCode.Created, made);
        var (replaced, second) = await SendAsync(faas, "PUT", "/TOKEN", $$"""{"value": "{{Value}}-2"}""");
        Assert.Equal(HttpStatusCode.OK, replaced);
        var (_, list) = await SendAsync(faas, "GET", "");

        var (one, two) = (JsonDocument.Parse(first).RootElement, JsonDocument.Parse(second).RootElement);
        Assert.Equal(["name", "paths", "createdAt", "updatedAt", "key"], one.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("TOKEN", "[\"math\"]"), (one.GetProperty("name").GetString(), one.GetProperty("paths").GetRawText()));
        Assert.Equal("[]", two.GetProperty("paths").GetRawText());
        Assert.Equal(one.GetProperty("createdAt").GetDateTimeOffset(), two.GetProperty("createdAt").GetDateTimeOffset());
        Assert.True(two.GetProperty("updatedAt").GetDateTimeOffset() > two.GetProperty("createdAt").GetDateTimeOffset());
        Assert.Equal($$"""{"secrets":[{{second}}]}""", list);
        Assert.All([first, second, list], text => Assert.DoesNotContain("v-5f2a", text, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(faas, "DELETE", "/TOKEN")).Status);
        Assert.Equal("""{"secrets":[]}""", (await SendAsync(faas, "GET", "")).Text);
        var (gone, problem) = await SendAsync(faas, "DELETE", "/TOKEN");
        Assert.Equal(HttpStatusCode.NotFound, gone);
        Assert.Contains("There is no secret \\\"TOKEN\\\".", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a-b", """{"value": "v-5f2a"}""", 400, "The URL names \\\"a-b\\\"; a name has 1 to 128 letters, digits and _, and no digit at its beginning.")]
    [InlineData("1A", """{"value": "v-5f2a"}""", 400, "no digit at its beginning")]
    [InlineData("FAAS_A", """{"value": "v-5f2a"}""", 400, "belong to the server")]
    [InlineData("__proto__", """{"value": "v-5f2a"}""", 400, "belong to the languages")]
    [InlineData("%C3%A4", """{"value": "v-5f2a"}""", 400, "letters, digits and _")]
    [InlineData("A", "{}", 400, "\\\"value\\\" is missing.")]
    [InlineData("A", """{"value": ""}""", 400, "\\\"value\\\" is empty.")]
    [InlineData("A", """{"value": "v-5f2a\u0000"}""", 400, "contains a NUL character")]
    [InlineData("A", """{"value": "v-5f2a\ud800"}""", 400, "half of a surrogate pair")]
    [InlineData("A", """{"value": ["v-5f2a"]}""", 400, "\\\"value\\\" must be a string, not an array.")]
    [InlineData("A", """{"value": 5}""", 400, "\\\"value\\\" must be a string, not a number.")]
    [InlineData("A", """{"value": "v-5f2a", "path": []}""", 400, "did you mean")]
    [InlineData("A", """{"value": "v-5f2a", "paths": ["a//b"]}""", 400, "\\\"paths\\\" has \\\"a//b\\\"")]
    [InlineData("A", """{"value": "v-5f2a" """, 400, "not valid JSON")]
    [InlineData("A", "v-5f2a", 400, "not valid JSON")]
    [InlineData("A", "", 400, "The body is empty")]
    public async Task What_no_secret_can_be_is_refused_without_its_value(string name, string body, int status, string detail)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var (answered, text) = await SendAsync(faas, "PUT", $"/{name}", body);
        Assert.Equal(status, (int)answered);
        Assert.Contains(detail, text, StringComparison.Ordinal);
        Assert.DoesNotContain("v-5f2a", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_and_the_number_of_secrets_are_bounded()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            options: all => all with { Secrets = all.Secrets with { Most = 1, MostBytes = 10 } });
        var (long_, why) = await SendAsync(faas, "PUT", "/A", """{"value": "v-5f2ä67890"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, long_);
        Assert.Contains("has 12 bytes; allowed are 10 (faas.secrets.max-size)", why, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Created, (await SendAsync(faas, "PUT", "/A", """{"value": "1234567890"}""")).Status);
        var (full, many) = await SendAsync(faas, "PUT", "/B", """{"value": "1"}""");
        Assert.Equal(HttpStatusCode.Conflict, full);
        Assert.Contains("allowed are 1 (faas.secrets.max)", many, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(faas, "PUT", "/A", """{"value": "1"}""")).Status);
    }

    [Fact]
    public async Task An_upload_lists_secrets_that_exist_and_are_for_its_script()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        await SendAsync(faas, "PUT", "/TOKEN", """{"value": "v-5f2a", "paths": ["math"]}""");

        Assert.Equal(200, await UploadAsync(faas, "math/add", """["TOKEN", "TOKEN"]"""));
        Assert.Equal(400, await UploadAsync(faas, "other", """["TOKEN"]""", "\\\"secrets\\\" lists the secret \\\"TOKEN\\\", which is not for this script."));
        Assert.Equal(400, await UploadAsync(faas, "math/add", """["NONE"]""", "\\\"secrets\\\" lists the secret \\\"NONE\\\", which does not exist."));
        Assert.Equal(400, await UploadAsync(faas, "math/add", """["a-b"]""", "\\\"secrets\\\" names \\\"a-b\\\"; a name has"));
        Assert.Equal(400, await UploadAsync(faas, "math/add", "\"TOKEN\"", "\\\"secrets\\\" must be an array of strings, not a string."));
        Assert.Equal(400, await UploadAsync(faas, "math/add", "[1]", "item 1 is a number"));
        Assert.Equal(400, await UploadAsync(faas, "math/add", "[], \"secretsInEnv\": true", "\\\"secrets\\\" lists none"));
        Assert.Equal(400, await UploadAsync(
            faas, "math/add", """["TOKEN"], "secretsInEnv": true, "env": {"TOKEN": "x"}""", "\\\"TOKEN\\\" is in \\\"env\\\""));
        var many = $"[{string.Join(',', Enumerable.Range(0, 51).Select(i => $"\"S{i}\""))}]";
        Assert.Equal(400, await UploadAsync(faas, "math/add", many, "has 51 names; allowed are 50"));
    }

    [Fact]
    public async Task A_call_gets_the_value_of_now_or_a_clear_refusal_before_anything_starts()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var given = new List<string?>();
        faas.OnSubmit(run =>
        {
            given.Add(Payload(run.Secrets));
            Assert.DoesNotContain("v-5f2a", run.ToString(), StringComparison.Ordinal);
            return new RunEnded(run.RunId, FaasUnderTest.FortyTwo);
        });
        var version = FaasUnderTest.Version with
        {
            Settings = new ScriptSettings { Secrets = SecretNames.Of(["TOKEN"]), SecretsInEnv = true },
        };
        faas.Registry.Answer = message => AnswerOf(message, version);
        var (lacking, why) = await RunAsync(faas);
        Assert.Equal(HttpStatusCode.Conflict, lacking);
        Assert.Contains("\"reason\":\"secret\"", why, StringComparison.Ordinal);
        Assert.Contains(
            $"Version {version.Number} of the script \\\"math/add\\\" lists the secret \\\"TOKEN\\\", which does not exist.", why, StringComparison.Ordinal);

        await SendAsync(faas, "PUT", "/TOKEN", """{"value": "v-5f2a"}""");
        Assert.Equal(HttpStatusCode.OK, (await RunAsync(faas)).Status);
        await SendAsync(faas, "PUT", "/TOKEN", """{"value": "v-5f2a-2"}""");
        Assert.Equal(HttpStatusCode.OK, (await RunAsync(faas)).Status);
        Assert.Equal(["""{"values":{"TOKEN":"v-5f2a"},"env":true}""", """{"values":{"TOKEN":"v-5f2a-2"},"env":true}"""], given);

        await SendAsync(faas, "PUT", "/TOKEN", """{"value": "v-5f2a", "paths": ["other"]}""");
        Assert.Contains("which is not for this script", (await RunAsync(faas)).Text, StringComparison.Ordinal);
        await SendAsync(faas, "DELETE", "/TOKEN");
        Assert.Equal(HttpStatusCode.Conflict, (await RunAsync(faas)).Status);
        Assert.Equal(2, given.Count);
    }

    [Fact]
    public async Task Another_key_encrypts_what_is_stored_and_the_older_one_can_go()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var file = faas.Services.GetRequiredService<SecretKeyFile>();
        var live = faas.Services.GetRequiredService<LiveSecrets>();
        foreach (var name in (string[])["A", "B"])
        {
            await SendAsync(faas, "PUT", $"/{name}", $$"""{"value": "v-5f2a-{{name}}"}""");
        }

        var before = live.ByName;
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(faas, "POST", "/rotate")).Status);
        var (status, text) = await SendAsync(faas, "POST", "/rotate", "{}");
        Assert.Equal(HttpStatusCode.OK, status);
        var newest = file.Newest(mayCreate: false);
        Assert.Equal($$"""{"key":"{{newest.Id}}","encrypted":2,"lost":[]}""", text);
        Assert.All(live.ByName.Values, secret => Assert.Equal(newest.Id, secret.KeyId));
        Assert.NotEqual(before["A"].KeyId, newest.Id);
        Assert.Equal(before["A"].UpdatedAt, live.ByName["A"].UpdatedAt);
        Assert.Equal("v-5f2a-A", Encoding.UTF8.GetString(newest.Open("A", live.ByName["A"].Sealed)!));

        // An operator puts a key of their own in front, and has the older ones removed.
        var own = SecretKey.Create();
        await File.WriteAllTextAsync(file.Path, $"{own.ToLine()}\n{newest.ToLine()}\n");
        Assert.Equal($$"""{"key":"{{own.Id}}","encrypted":2,"lost":[]}""", (await SendAsync(faas, "POST", "/rotate", """{"newKey": false}""")).Text);
        await File.WriteAllTextAsync(file.Path, own.ToLine());
        Assert.Equal($$"""{"key":"{{own.Id}}","encrypted":0,"lost":[]}""", (await SendAsync(faas, "POST", "/rotate", """{"newKey": false}""")).Text);
        Assert.Equal(400, (int)(await SendAsync(faas, "POST", "/rotate", """{"newKey": 1}""")).Status);
    }

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("damaged", "is no key of 32 bytes")]
    public async Task A_key_file_that_is_gone_is_told_and_no_other_takes_its_place(string? left, string why)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var file = faas.Services.GetRequiredService<SecretKeyFile>();
        await SendAsync(faas, "PUT", "/A", """{"value": "v-5f2a-A"}""");
        var kept = await File.ReadAllTextAsync(file.Path);
        File.Delete(file.Path);
        if (left is not null)
        {
            await File.WriteAllTextAsync(file.Path, left);
        }

        (string, string, string)[] requests =
            [("PUT", "/B", """{"value": "v-5f2a"}"""), ("POST", "/rotate", "{}"), ("POST", "/rotate", """{"newKey": false}""")];
        foreach (var (method, path, body) in requests)
        {
            var (status, text) = await SendAsync(faas, method, path, body);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains(why, text, StringComparison.Ordinal);
        }

        var version = FaasUnderTest.Version with { Settings = new ScriptSettings { Secrets = SecretNames.Of(["A"]) } };
        faas.Registry.Answer = message => AnswerOf(message, version);
        var (refused, detail) = await RunAsync(faas);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused);
        Assert.Contains("The secret \\\"A\\\" cannot be decrypted", detail, StringComparison.Ordinal);
        Assert.DoesNotContain(file.Path, detail, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file.Path, kept);
        Assert.Equal(HttpStatusCode.OK, (await RunAsync(faas)).Status);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PUT", "/A")]
    [InlineData("DELETE", "/A")]
    [InlineData("POST", "/rotate")]
    public async Task Only_admins_may(string method, string path)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var request = new HttpRequestMessage(new HttpMethod(method), Route + path);
        request.Headers.Add("X-Api-Key", Keys.Write);
        request.Content = method == "GET" ? null : new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await faas.Client.SendAsync(request);
        await response.ProblemAsync(403, "forbidden");
    }

    private static string? Payload(Faas.Actors.Runs.RunSecrets? secrets)
    {
        if (secrets is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            secrets.WriteTo(json);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static async Task<int> UploadAsync(FaasUnderTest faas, string path, string secrets, string? detail = null)
    {
        using var response = await faas.PostAsync(
            "/upload", $$"""{"path": "{{path}}", "language": "python", "code": "return 42", "secrets": {{secrets}}}""");
        if (detail is not null)
        {
            Assert.Contains(detail, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        return (int)response.StatusCode;
    }

    private static async Task<(HttpStatusCode Status, string Text)> RunAsync(FaasUnderTest faas)
    {
        using var response = await faas.PostAsync("/run/math/add", "{}");
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static object? AnswerOf(object message, ScriptVersion version) =>
        message is GetVersion get ? new VersionFound(get.Path, version) : FaasUnderTest.AnswerOfRegistry(message);

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(
        FaasUnderTest faas, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Route + path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await faas.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
