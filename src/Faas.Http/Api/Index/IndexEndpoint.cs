using System.Text;
using Faas.Http.Access;
using Faas.Http.Api.Description;
using Faas.Http.Api.Page;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.Index;

/// <summary>
/// <c>GET /</c>: the page for browsers; for other clients what this server is, and its routes, as text. A browser gets the text too, with
/// a line that says why, if the server was built without the page.
/// </summary>
public static class IndexEndpoint
{
    private const string Name = "Faas";

    private const string NoPage =
        "This server was built without its page. `make build` builds both; `dotnet build` alone builds the server only.\n"
        + "The API works. It is explained at /docs.\n\n";

    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the route.</summary>
    public static void MapIndex(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/", s_methods, Describe).Needs(Scopes.None)
            .WithName("getIndex").WithSummary("the page for browsers, this text for others").WithTags("server")
            .Answers(typeof(string), "text/plain");

    private static IResult Describe(EndpointDataSource routes, PageFiles page, HttpContext context)
    {
        if (!PageAnswer.IsWanted(context.Request))
        {
            return Text(context, TextOf(routes));
        }

        return page.Index is { } index ? PageAnswer.Index(context, index) : Text(context, NoPage + TextOf(routes));
    }

    private static IResult Text(HttpContext context, string text)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        return Results.Text(text, "text/plain", Encoding.UTF8);
    }

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
