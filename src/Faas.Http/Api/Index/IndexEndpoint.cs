using System.Text;
using Faas.Http.Access;
using Faas.Http.Api.Description;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Index;

/// <summary><c>GET /</c>: what this server is, and its routes, as text for a person.</summary>
public static class IndexEndpoint
{
    private const string Name = "Faas";
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the route.</summary>
    public static void MapIndex(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/", s_methods, Describe).Needs(Scopes.None)
            .WithName("getIndex").WithSummary("this text").WithTags("server").Answers(typeof(string), "text/plain");

    private static IResult Describe(EndpointDataSource routes) => Results.Text(TextOf(routes), "text/plain", Encoding.UTF8);

    private static string TextOf(EndpointDataSource routes)
    {
        var lines = routes.Endpoints.OfType<RouteEndpoint>().Select(LineOf).ToList();
        var (widest, longest) = (lines.Max(line => line.Method.Length), lines.Max(line => line.Path.Length));
        var text = new StringBuilder($"{Name} {ServerVersion.Text}\n\n");
        foreach (var (method, path, summary) in lines)
        {
            text.Append($"{method.PadRight(widest)} {path.PadRight(longest)} {summary}\n");
        }

        return text.ToString();
    }

    private static (string Method, string Path, string? Summary) LineOf(RouteEndpoint route) => (
        route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is [var first, ..] ? first : "ANY",
        route.RoutePattern.RawText?.Replace("**", "", StringComparison.Ordinal) ?? "",
        route.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary);
}
