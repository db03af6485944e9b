using Faas.Http.Access;
using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.OpenApi;

/// <summary><c>GET /openapi.json</c>: the API's document. It tells nothing of what the server holds, so it needs no key.</summary>
public static class ApiDocumentEndpoint
{
    /// <summary>The route.</summary>
    public const string Route = "/openapi.json";

    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the route.</summary>
    public static void MapApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(Route, s_methods, SendAsync).Needs(Scopes.None)
            .WithSummary("describes the API for programs (OpenAPI 3.1)").ExcludeFromDescription();

    private static async Task<IResult> SendAsync(ApiDocument document, HttpContext context)
    {
        var text = await document.TextAsync();
        // The document changes with the server's version alone; a client may keep it, if it asks again.
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(text.Json, "application/json; charset=utf-8", entityTag: new EntityTagHeaderValue(text.Tag));
    }
}
