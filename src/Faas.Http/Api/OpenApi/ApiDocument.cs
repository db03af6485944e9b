using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Faas.Http.Api.OpenApi;

/// <summary>
/// The API's document (OpenAPI 3.1), made from the routes when it is first asked for. Theory of operation: the generator lives in a
/// container of its own, which is thrown away once the document is there, so that the server's start pays nothing for it and its schemas
/// do not stay in memory.
/// </summary>
public sealed class ApiDocument(EndpointDataSource routes, IHostEnvironment environment)
{
    private const string Name = "v1";
    private readonly Lock _lock = new();
    private Task<ApiDocumentText>? _text;

    /// <summary>The document.</summary>
    public Task<ApiDocumentText> TextAsync()
    {
        lock (_lock)
        {
            return _text is null or { IsFaulted: true } ? _text = Task.Run(MakeAsync) : _text;
        }
    }

    private async Task<ApiDocumentText> MakeAsync()
    {
        var schemas = new SchemaRules();
        var services = new ServiceCollection();
        services.AddSingleton(environment);
        services.AddSingleton<IApiDescriptionGroupCollectionProvider>(new RouteDescriptions(routes.Endpoints));
        services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolver = new DefaultJsonTypeInfoResolver();
        });
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = schemas.NameOf;
            options.AddSchemaTransformer(schemas.TransformAsync);
            options.AddOperationTransformer(OperationRules.TransformAsync);
            options.AddDocumentTransformer(DocumentRules.TransformAsync);
        });
        await using var provider = services.BuildServiceProvider();
        var document = await provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        schemas.RemoveNulls(document);
        using var text = new StringWriter();
        document.SerializeAsV31(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return new ApiDocumentText(Encoding.UTF8.GetBytes(text.ToString()));
    }
}

/// <summary>The document as it is sent.</summary>
/// <param name="Json">JSON in UTF-8.</param>
public sealed record ApiDocumentText(ReadOnlyMemory<byte> Json)
{
    /// <summary>Its entity tag.</summary>
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Json.Span))[..32]}\"";
}
