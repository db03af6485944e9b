using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Wire;

/// <summary>Plain text in UTF-8 as a body of known length.</summary>
public sealed class TextBody(string text) : IResult, IEndpointMetadataProvider
{
    /// <summary>Tells a route's description that it answers with text.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ReplyContent(StatusCodes.Status200OK, typeof(string), "text/plain"));

    /// <summary>Writes it; the answer to HEAD has the length and no body (RFC 9110, section 9.3.2).</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = Encoding.UTF8.GetBytes(text);
        httpContext.Response.ContentType = "text/plain; charset=utf-8";
        httpContext.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
