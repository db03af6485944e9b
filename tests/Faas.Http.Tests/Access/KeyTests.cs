using System.Net;
using Faas.Actors.Pool;
using Faas.Http.Access;
using Faas.Http.Tests.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Faas.Http.Tests.Access;

/// <summary>A server with keys, over real sockets.</summary>
public sealed class KeyTests
{
    private const string Code = """{"language": "python", "code": "return 42"}""";
    private const string Script = """{"path": "math/add", "language": "python", "code": "return 42"}""";

    [Theory]
    [InlineData(Keys.Invoke, "/run/math/add", "{}", null)]
    [InlineData(Keys.Invoke, "/run-now", Code, "execute")]
    [InlineData(Keys.Execute, "/run-now", Code, null)]
    [InlineData(Keys.Execute, "/run/math/add", "{}", "invoke")]
    [InlineData(Keys.Invoke, "/upload", Script, "write")]
    [InlineData(Keys.Write, "/run/math/add", "{}", "invoke")]
    [InlineData(Keys.Write, "/run-now", Code, "execute")]
    [InlineData(Keys.Write, "/upload", Script, null)]
    [InlineData(Keys.Admin, "/run/math/add", "{}", null)]
    [InlineData(Keys.Admin, "/run-now", Code, null)]
    [InlineData(Keys.Admin, "/upload", Script, null)]
    public async Task A_key_opens_what_its_scope_says_and_a_refusal_names_the_scope_that_is_missing(
        string key, string path, string body, string? missing)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        foreach (var (header, value) in new[] { ("X-Api-Key", key), ("Authorization", $"Bearer {key}") })
        {
            faas.Client.DefaultRequestHeaders.Clear();
            faas.Client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
            using var response = await faas.PostAsync(path, body);
            if (missing is null)
            {
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
            else
            {
                Assert.EndsWith($"lacks the scope \"{missing}\".", await response.ProblemAsync(403, "forbidden"), StringComparison.Ordinal);
                Assert.Equal(
                    $"Bearer realm=\"faas\", error=\"insufficient_scope\", scope=\"{missing}\"",
                    response.Headers.WwwAuthenticate.ToString());
            }
        }
    }

    [Theory]
    [InlineData("/run/math/add", "{}", true)]
    [InlineData("/run/math", "{}", true)]
    [InlineData("/run/mathematics/add", "{}", false)]
    [InlineData("/run/other", "{}", false)]
    [InlineData("/run/jobs/nightly/a/b", "{}", true)]
    [InlineData("/upload", """{"path": "math/add", "language": "python", "code": "1"}""", true)]
    [InlineData("/upload", """{"path": "maths", "language": "python", "code": "1"}""", false)]
    public async Task A_key_with_path_prefixes_is_for_the_scripts_under_them(string route, string body, bool isOpen)
    {
        await using var faas = await FaasUnderTest.StartAsync(
            http => http.WithKeys("team:invoke+write@math@jobs/nightly/:team-0123456789ab"));
        faas.Client.DefaultRequestHeaders.Add("X-Api-Key", "team-0123456789ab");
        using var response = await faas.PostAsync(route, body);
        if (isOpen)
        {
            Assert.NotEqual(HttpStatusCode.Forbidden, response.StatusCode);
        }
        else
        {
            Assert.EndsWith(
                "it is for those under math, jobs/nightly.", await response.ProblemAsync(403, "forbidden"), StringComparison.Ordinal);
            Assert.Empty(faas.Pool.Rest());
            Assert.Empty(faas.Registry.Rest());
        }
    }

    [Theory]
    [InlineData(null, null, "Bearer realm=\"faas\"")]
    [InlineData("X-Api-Key", "", "Bearer realm=\"faas\", error=\"invalid_token\"")]
    [InlineData("X-Api-Key", "wrong-0123456789", "Bearer realm=\"faas\", error=\"invalid_token\"")]
    [InlineData("X-Api-Key", "invoke-012345678", "Bearer realm=\"faas\", error=\"invalid_token\"")]
    [InlineData("X-Api-Key", "invoke-01234567890", "Bearer realm=\"faas\", error=\"invalid_token\"")]
    [InlineData("X-Api-Key", "INVOKE-0123456789", "Bearer realm=\"faas\", error=\"invalid_token\"")]
    [InlineData("Authorization", "Bearer runner", "Bearer realm=\"faas\", error=\"invalid_token\"")]
    [InlineData("Authorization", "Bearer", "Bearer realm=\"faas\", error=\"invalid_token\"")]
    [InlineData("Authorization", "Basic aW52b2tlLTAxMjM0NTY3ODk6", "Bearer realm=\"faas\"")]
    [InlineData("Authorization", Keys.Invoke, "Bearer realm=\"faas\"")]
    [InlineData("Cookie", "X-Api-Key=" + Keys.Invoke, "Bearer realm=\"faas\"")]
    public async Task Without_a_known_key_it_says_how_to_send_one(string? header, string? value, string challenge)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        if (header is not null)
        {
            faas.Client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        }

        foreach (var path in new[] { "/run/math/add", "/run/no/such", "/run-now", "/upload", $"/run-now?api_key={Keys.Admin}" })
        {
            using var response = await faas.PostAsync(path, "not even JSON");
            var detail = await response.ProblemAsync(401, "unauthorized");
            Assert.DoesNotContain("0123456789", detail, StringComparison.Ordinal);
            Assert.Equal(challenge, response.Headers.WwwAuthenticate.ToString());
        }

        Assert.Empty(faas.Pool.Rest());
        Assert.Empty(faas.Registry.Rest());
    }

    [Fact]
    public async Task Two_different_keys_are_refused_and_the_same_one_twice_is_not()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        faas.Client.DefaultRequestHeaders.Add("X-Api-Key", Keys.Invoke);
        faas.Client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Keys.Admin}");
        using var both = await faas.PostAsync("/run/math/add", "{}");
        await both.ProblemAsync(400, "malformed");
        faas.Client.DefaultRequestHeaders.Remove("Authorization");
        faas.Client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Keys.Invoke}");
        using var same = await faas.PostAsync("/run/math/add", "{}");
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        faas.Client.DefaultRequestHeaders.Remove("Authorization");
        faas.Client.DefaultRequestHeaders.Add("Authorization", "Basic cHJveHk6cHJveHk=");
        using var proxy = await faas.PostAsync("/run/math/add", "{}");
        Assert.Equal(HttpStatusCode.OK, proxy.StatusCode);
    }

    [Fact]
    public async Task Health_needs_no_key_and_neither_does_what_does_not_exist()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var alive = await faas.Client.GetAsync("/healthz");
        using var ready = await faas.Client.GetAsync("/readyz");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (alive.StatusCode, ready.StatusCode));
        using var nowhere = await faas.PostAsync("/nowhere", "{}");
        await nowhere.ProblemAsync(404, "not_found");
        using var wrongMethod = await faas.Client.GetAsync("/upload");
        await wrongMethod.ProblemAsync(405, "method");
    }

    [Fact]
    public async Task Every_route_says_which_scope_it_needs()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var routes = faas.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .ToDictionary(NameOf, route => route.Metadata.GetMetadata<RequiredScope>()?.Scope);
        Assert.Equal(
            new Dictionary<string, Scopes?>
            {
                ["POST /upload"] = Scopes.Write,
                ["POST /run/{**path}"] = Scopes.Invoke,
                ["POST /run-now"] = Scopes.Execute,
                ["GET /api/v1/scripts"] = Scopes.Read,
                ["GET /api/v1/scripts/{path}"] = Scopes.Read,
                ["GET /api/v1/scripts/{path}/versions"] = Scopes.Read,
                ["GET /api/v1/scripts/{path}/versions/{version}"] = Scopes.Read,
                ["GET /api/v1/scripts/{path}/versions/{version}/code"] = Scopes.Read,
                ["GET /api/v1/scripts/{path}/versions/{version}/sources"] = Scopes.Read,
                ["ANY /http/{**target}"] = Scopes.None,
                ["POST /mcp"] = Scopes.Invoke | Scopes.Execute,
                ["GET /api/v1/runs"] = Scopes.Runs,
                ["GET /api/v1/runs/{id}"] = Scopes.Runs | Scopes.Invoke,
                ["DELETE /api/v1/runs/{id}"] = Scopes.Invoke,
                ["GET /api/v1/runs/{id}/events"] = Scopes.Runs | Scopes.Invoke,
                ["POST /api/v1/runs/{id}/redrive"] = Scopes.Invoke,
                ["POST /api/v1/runs/redrive"] = Scopes.Invoke,
                ["POST /api/v1/runs/{id}/callback"] = Scopes.Invoke,
                ["POST /batch/{**path}"] = Scopes.Invoke,
                ["GET /api/v1/batches"] = Scopes.Runs,
                ["GET /api/v1/batches/{id}"] = Scopes.Runs | Scopes.Invoke,
                ["DELETE /api/v1/batches/{id}"] = Scopes.Invoke,
                ["GET /api/v1/batches/{id}/results"] = Scopes.Runs | Scopes.Invoke,
                ["GET /api/v1/batches/{id}/events"] = Scopes.Runs | Scopes.Invoke,
                ["GET /api/v1/runs/events"] = Scopes.Runs,
                ["GET /api/v1/runs/activity"] = Scopes.Read,
                ["GET /api/v1/pool"] = Scopes.Admin,
                ["GET /api/v1/pool/events"] = Scopes.Admin,
                ["DELETE /api/v1/pool/runs/{id}"] = Scopes.Admin,
                ["POST /api/v1/pool/drain"] = Scopes.Admin,
                ["DELETE /api/v1/pool/drain"] = Scopes.Admin,
                ["GET /api/v1/cluster"] = Scopes.Admin,
                ["GET /api/v1/settings"] = Scopes.Admin,
                ["POST /api/v1/reload"] = Scopes.Admin,
                ["GET /api/v1/scripts/{path}/diff"] = Scopes.Read,
                ["PATCH /api/v1/scripts/{path}"] = Scopes.Write,
                ["DELETE /api/v1/scripts/{path}"] = Scopes.Write,
                ["DELETE /api/v1/scripts/{path}/versions/{version}"] = Scopes.Write,
                ["GET /api/v1/scripts/{path}/aliases"] = Scopes.Read,
                ["GET /api/v1/scripts/{path}/aliases/{name}"] = Scopes.Read,
                ["PUT /api/v1/scripts/{path}/aliases/{name}"] = Scopes.Write,
                ["DELETE /api/v1/scripts/{path}/aliases/{name}"] = Scopes.Write,
                ["POST /api/v1/scripts/{path}/aliases/{name}/rollback"] = Scopes.Write,
                ["POST /api/v1/scripts/{path}/versions/{version}/restore"] = Scopes.Write,
                ["GET /api/v1/export"] = Scopes.Admin,
                ["POST /api/v1/import"] = Scopes.Admin,
                ["GET /api/v1/keys"] = Scopes.Admin,
                ["GET /api/v1/key"] = ScopeNames.Any,
                ["POST /api/v1/keys"] = Scopes.Admin,
                ["DELETE /api/v1/keys/{name}"] = Scopes.Admin,
                ["GET /api/v1/secrets"] = Scopes.Admin,
                ["PUT /api/v1/secrets/{name}"] = Scopes.Admin,
                ["DELETE /api/v1/secrets/{name}"] = Scopes.Admin,
                ["POST /api/v1/secrets/rotate"] = Scopes.Admin,
                ["GET /api/v1/schedules"] = Scopes.Read,
                ["GET /api/v1/schedules/{name}"] = Scopes.Read,
                ["PUT /api/v1/schedules/{name}"] = Scopes.Write,
                ["DELETE /api/v1/schedules/{name}"] = Scopes.Write,
                ["POST /api/v1/schedules/{name}/run"] = Scopes.Write,
                ["GET /healthz"] = Scopes.None,
                ["GET /readyz"] = Scopes.None,
                ["GET /metrics"] = Scopes.Metrics,
                ["GET /openapi.json"] = Scopes.None,
                ["GET /docs"] = Scopes.None,
                ["GET /docs/scalar.js"] = Scopes.None,
                ["GET /page/{file}"] = Scopes.None,
                ["GET /"] = Scopes.None,
            },
            routes);

        static string NameOf(RouteEndpoint route) =>
            $"{route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "ANY"} {route.RoutePattern.RawText}";
    }

    [Fact]
    public void A_route_that_forgets_to_say_it_is_for_admins() => Assert.Equal(
        (Scopes.Admin, Scopes.None, Scopes.None),
        (RequiredScope.Of(new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse("/new"), 0).Build()),
            RequiredScope.Of(new Endpoint(null, null, null)), RequiredScope.Of(null)));

    [Fact]
    public async Task A_server_without_keys_takes_no_notice_of_one()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Client.DefaultRequestHeaders.Add("X-Api-Key", "whatever");
        faas.Client.DefaultRequestHeaders.Add("Authorization", "Bearer something-else");
        using var response = await faas.PostAsync("/run-now", Code);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(faas.Pool.Rest().OfType<SubmitRun>());
    }
}
