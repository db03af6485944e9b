using Faas.Http.Wire;
using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.Page;

/// <summary>Sends the page and its files.</summary>
public static class PageAnswer
{
    /// <summary>
    /// The page runs its own scripts alone, has no inline script or style, talks to this server alone and stands in no frame. Images may
    /// also come out of data that a script has returned. Trusted Types make an accident in the page's own code harmless.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    // A browser asks each time whether the page is still the same, and keeps for ever what has a hash in its name.
    private const string AskEachTime = "no-cache";
    private const string KeepForEver = "public, max-age=31536000, immutable";

    /// <summary>Whether the client is a browser that opens a page: it names HTML, which programs do not.</summary>
    public static bool IsWanted(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(one => one.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && one.Quality is not 0);

    /// <summary>The page.</summary>
    public static IResult Index(HttpContext context, PageFile index)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.Vary = HeaderNames.Accept;
        return Send(context, index, AskEachTime);
    }

    /// <summary>A file of the page.</summary>
    public static IResult File(HttpContext context, PageFile file) => Send(context, file, KeepForEver);

    private static IResult Send(HttpContext context, PageFile file, string cacheControl)
    {
        var coding = ContentCoding.Best(context.Request, ContentCoding.Brotli, ContentCoding.Gzip);
        if (!file.Codings.TryGetValue(coding, out var content))
        {
            (coding, content) = (ContentCoding.Identity, file.Codings[ContentCoding.Identity]);
        }

        var headers = context.Response.Headers;
        headers.CacheControl = cacheControl;
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        headers.ContentEncoding = coding == ContentCoding.Identity ? default : coding;
        return Results.Stream(content.Open(), file.ContentType, entityTag: new EntityTagHeaderValue(content.Tag));
    }
}
