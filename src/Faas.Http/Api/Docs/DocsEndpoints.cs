using System.IO.Compression;
using System.Reflection;
using System.Text;
using Faas.Http.Access;
using Faas.Http.Wire;
using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.Docs;

/// <summary>
/// <c>GET /docs</c>: a page that shows the API's document to people, and calls the API for them. The page and its script tell nothing of
/// what the server holds, so they need no key; the calls that a person makes there need the person's key.
/// <para>
/// Theory of operation. The script is Scalar's, out of the package Scalar.AspNetCore, which is loaded when the page is first opened. The
/// package's own page has a script in its HTML; this page has none, so that its policy need not allow any. The policy lets the page talk
/// to this server alone, and to no host that the script may name.
/// </para>
/// </summary>
public static class DocsEndpoints
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Links are relative, for a proxy that serves this server below a path of its own.
    private const string Page =
        """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>Faas: the API</title>
        </head>
        <body>
          <script id="api-reference" type="application/json" data-configuration='{
            "url": "openapi.json",
            "telemetry": false, "withDefaultFonts": false, "hideClientButton": true, "showDeveloperTools": "never",
            "agent": {"disabled": true}, "mcp": {"disabled": true},
            "authentication": {"preferredSecurityScheme": "headerKey"}
          }'></script>
          <script src="docs/scalar.js"></script>
        </body>
        </html>
        """;

    private const string Resource = "ScalarStaticAssets.scalar.js";

    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the routes.</summary>
    public static void MapDocs(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/docs", s_methods, ShowPage).Needs(Scopes.None)
            .WithSummary("explains the API to people, and tries it").ExcludeFromDescription();
        routes.MapMethods("/docs/scalar.js", s_methods, SendScript).Needs(Scopes.None)
            .WithSummary("the script of that page").ExcludeFromDescription();
    }

    private static IResult ShowPage(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        return Results.Text(Page, "text/html", Encoding.UTF8);
    }

    // It lies in the package compressed.
    private static IResult SendScript(HttpContext context)
    {
        var package = typeof(Scalar.AspNetCore.ScalarOptions).Assembly;
        var script = package.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The package Scalar.AspNetCore has no {Resource}.");
        var version = package.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var isTaken = ContentCoding.IsTaken(context.Request, ContentCoding.Gzip);
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.ContentEncoding = isTaken ? ContentCoding.Gzip : default;
        return Results.Stream(
            isTaken ? script : new GZipStream(script, CompressionMode.Decompress),
            "text/javascript; charset=utf-8",
            entityTag: new EntityTagHeaderValue($"\"{version}{(isTaken ? $"-{ContentCoding.Gzip}" : "")}\""));
    }
}
