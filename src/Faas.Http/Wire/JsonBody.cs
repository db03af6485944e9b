using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Wire;

/// <summary>A reply record as a JSON body of known length.</summary>
/// <param name="value">What to send.</param>
/// <param name="type">How it is written.</param>
/// <param name="status">The HTTP status.</param>
public sealed class JsonBody<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) : IResult, IEndpointMetadataProvider
{
    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ReplyContent(StatusCodes.Status200OK, typeof(T), "application/json"));

    /// <summary>Writes it; the answer to HEAD has the length and no body (RFC 9110, section 9.3.2).</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = CompressedJson.Of(httpContext, JsonSerializer.SerializeToUtf8Bytes(value, type));
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
