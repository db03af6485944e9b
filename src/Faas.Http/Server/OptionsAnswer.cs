namespace Faas.Http.Server;

/// <summary>
/// Answers <c>OPTIONS</c> on every route, and <c>OPTIONS *</c>, with the methods that it has (RFC 9110, section 9.3.7). Routing answers
/// 405 with those methods, because no route is mapped for OPTIONS; a preflight never comes this far.
/// </summary>
public static class OptionsAnswer
{
    private const string EveryMethod = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    /// <summary>Whether the request asks for the methods of a route that there is, or of the whole server.</summary>
    public static bool Applies(HttpContext context) =>
        HttpMethods.IsOptions(context.Request.Method)
        && !context.Response.HasStarted
        && (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed || !context.Request.Path.HasValue);

    /// <summary>Answers 204 with the methods.</summary>
    public static void Write(HttpContext context)
    {
        var response = context.Response;
        response.Headers.Allow = context.Request.Path.HasValue ? $"{response.Headers.Allow}, {HttpMethods.Options}" : EveryMethod;
        response.StatusCode = StatusCodes.Status204NoContent;
    }
}
