using System.Text;
using Faas.Http.Access;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Index;

/// <summary><c>GET /</c>: what this server is, and its routes, as text for a person.</summary>
public static class IndexEndpoint
{
    private const string Name = "Faas";
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the route.</summary>
    public static void MapIndex(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/", s_methods, Describe).Needs(Scopes.None).WithSummary("this text");

    private static IResult Describe(EndpointDataSource routes) => Results.Text(TextOf(routes), "text/plain", Encoding.UTF8);

    private static string TextOf(EndpointDataSource routes)
    {
        var text = new StringBuilder($"{Name} {ServerVersion.Text}\n\n");
        foreach (var route in routes.Endpoints.OfType<RouteEndpoint>())
        {
            var methods = route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];
            var path = route.RoutePattern.RawText?.Replace("**", "", StringComparison.Ordinal);
            var summary = route.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary;
            text.Append($"{(methods is [var first, ..] ? first : "ANY"),-5}{path,-13} {summary}\n");
        }

        return text.ToString();
    }
}
