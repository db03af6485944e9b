using System.Net;
using System.Text.Json;
using Faas.Http.Api.Calls;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Faas.Tests;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Faas.Http.Tests.Api.OpenApi;

/// <summary>The document at <c>/openapi.json</c>.</summary>
public sealed class ApiDocumentTests
{
    private const string Route = "/openapi.json";
    private static readonly string[] s_hidden = ["/docs", "/docs/scalar.js", "/mcp", Route, "/page/{file}"];

    [Fact]
    [TestLimit(180)]
    public async Task It_is_clean_by_every_rule_that_Redocly_recommends()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var folder = Directory.CreateTempSubdirectory("faas-openapi-");
        try
        {
            var file = Path.Combine(folder.FullName, "openapi.json");
            await File.WriteAllBytesAsync(file, await faas.Client.GetByteArrayAsync(Route));
            var (status, said) = await OpenApiTools.RunAsync("node_modules/@redocly/cli/bin/cli.js", "lint", "--config=redocly.yaml", file);
            Assert.True(status == 0, said);
            Assert.DoesNotContain("warning", said, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Every_route_has_an_operation_for_each_of_its_methods()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var document = await DocumentAsync(faas);
        var operations = Operations(document).Select(one => $"{one.Method} {one.Path}").Order();
        var sources = faas.Services.GetServices<EndpointDataSource>();
        var routes = sources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        var hidden = routes.Where(route => route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not null);
        Assert.Equal(s_hidden, hidden.Select(route => route.RoutePattern.RawText).Order());
        var described =
            from route in routes.Except(hidden)
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "PUT", "PATCH", "DELETE"]
            where method != "HEAD"
            select $"{method.ToLowerInvariant()} {route.RoutePattern.RawText!.Replace("**", "", StringComparison.Ordinal)}";
        Assert.Equal(described.Order(), operations);
    }

    [Fact]
    public async Task Every_operation_says_what_it_is_what_it_needs_and_how_it_fails()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var document = await DocumentAsync(faas);
        var operations = Operations(document).Select(one => one.Operation).ToList();
        var ids = operations.Select(one => one.GetProperty("operationId").GetString()!).ToList();
        Assert.Equal(ids.Distinct().Order(), ids.Order());
        Assert.All(ids, id => Assert.Matches("^[a-z][A-Za-z]+$", id));
        Assert.All(operations, one =>
        {
            Assert.NotEqual("", one.GetProperty("summary").GetString());
            Assert.Single(one.GetProperty("tags").EnumerateArray());
            Assert.True(one.GetProperty("security").GetArrayLength() > 0);
            Assert.True(one.GetProperty("responses").TryGetProperty("403", out _));
            Assert.True(one.GetProperty("responses").TryGetProperty("default", out _));
        });
        var run = document.GetProperty("paths").GetProperty("/run/{path}").GetProperty("post");
        Assert.Equal(
            """[{"bearerKey":["invoke"]},{"headerKey":["invoke"]}]""", run.GetProperty("security").GetRawText());
        var own = document.GetProperty("paths").GetProperty("/api/v1/key").GetProperty("get");
        Assert.All(
            own.GetProperty("security").EnumerateArray(), way => Assert.Equal(0, way.EnumerateObject().Single().Value.GetArrayLength()));
    }

    [Fact]
    public async Task Every_body_of_JSON_has_an_example()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        Assert.Empty(
            from one in Operations(await DocumentAsync(faas))
            from content in Bodies(one.Operation)
            where content.Name == "application/json" && !content.Value.TryGetProperty("example", out _)
            select $"{one.Method} {one.Path}");
    }

    [Fact]
    public async Task Whole_numbers_are_integers_and_nothing_is_null_that_is_not()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var schemas = (await DocumentAsync(faas)).GetProperty("components").GetProperty("schemas");
        Assert.Equal(
            """{"type":"integer","format":"int64"}""",
            Without(schemas.GetProperty("Upload").GetProperty("properties").GetProperty("version"), "description"));
        var withNull = schemas.EnumerateObject()
            .SelectMany(schema => Members(schema.Value).Select(member => (Name: $"{schema.Name}.{member.Name}", member.Value)))
            .Where(member => member.Value.GetRawText().Contains("\"null\"", StringComparison.Ordinal))
            .Select(member => member.Name);
        Assert.Equal(["ScriptChange.keep"], withNull);
        Assert.All(
            schemas.EnumerateObject().SelectMany(schema => Members(schema.Value)),
            member => Assert.False(
                member.Value.TryGetProperty("format", out _) && member.Value.TryGetProperty("type", out var type)
                    && type.ValueKind == JsonValueKind.Array,
                member.Name));
        Assert.Equal(
            ["name", "scopes"],
            schemas.GetProperty("KeyRequest").GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Members_are_described_by_the_comments_of_the_code()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var schemas = (await DocumentAsync(faas)).GetProperty("components").GetProperty("schemas");
        Assert.Empty(
            from schema in schemas.EnumerateObject()
            from member in Members(schema.Value)
            where !member.Value.GetRawText().Contains("\"description\"", StringComparison.Ordinal)
                && !member.Value.TryGetProperty("$ref", out _)
            select $"{schema.Name}.{member.Name}");
    }

    [Theory]
    [InlineData("RunRequest", CallMembers.Run)]
    [InlineData("RunNowRequest", CallMembers.RunNow)]
    [InlineData("UploadRequest", CallMembers.Upload)]
    public async Task A_body_of_a_call_has_the_members_that_its_reader_knows(string schema, CallMembers members)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var described = Members((await DocumentAsync(faas)).GetProperty("components").GetProperty("schemas").GetProperty(schema));
        Assert.Equal(long.PopCount((long)members), described.Count());
    }

    [Fact]
    public async Task It_is_made_once_needs_no_key_and_is_kept_by_its_tag()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var first = await faas.Client.GetAsync(Route);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (first.StatusCode, first.Content.Headers.ContentType?.MediaType));
        Assert.Equal("no-cache", first.Header("Cache-Control"));
        var tag = first.Header("ETag");
        using var second = await faas.Client.GetAsync(Route);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        using var known = new HttpRequestMessage(HttpMethod.Get, Route);
        known.Headers.TryAddWithoutValidation("If-None-Match", tag);
        using var unchanged = await faas.Client.SendAsync(known);
        Assert.Equal((HttpStatusCode.NotModified, ""), (unchanged.StatusCode, await unchanged.Content.ReadAsStringAsync()));
        using var head = await faas.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Route));
        Assert.Equal((HttpStatusCode.OK, tag), (head.StatusCode, head.Header("ETag")));
    }

    private static async Task<JsonElement> DocumentAsync(FaasUnderTest faas) =>
        JsonDocument.Parse(await faas.Client.GetByteArrayAsync(Route)).RootElement;

    private static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name, operation.Value);

    private static IEnumerable<JsonProperty> Bodies(JsonElement operation) =>
        operation.GetProperty("responses").EnumerateObject()
            .Where(response => response.Name is "200" or "201").Select(response => response.Value)
            .Concat(operation.TryGetProperty("requestBody", out var body) ? [body] : [])
            .SelectMany(part => part.TryGetProperty("content", out var content) ? content.EnumerateObject() : default);

    private static JsonElement.ObjectEnumerator Members(JsonElement schema) =>
        schema.TryGetProperty("properties", out var members) ? members.EnumerateObject() : default;

    private static string Without(JsonElement schema, string name) => JsonSerializer.Serialize(
        schema.EnumerateObject().Where(member => member.Name != name).ToDictionary(member => member.Name, member => member.Value));
}
