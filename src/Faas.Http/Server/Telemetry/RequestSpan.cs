using System.Diagnostics;
using Faas.Actors.Runs;
using Faas.Http.Access;
using Faas.Http.Wire;

namespace Faas.Http.Server.Telemetry;

/// <summary>
/// Tells the web server's span of a request what OpenTelemetry's conventions for HTTP ask for. Requests about the server itself are
/// taken out of the trace. Without a listener nothing happens here.
/// </summary>
internal static class RequestSpan
{
    /// <summary>Call it when the request has been answered.</summary>
    public static void Complete(HttpContext context)
    {
        if (!RunTrace.IsOn || Activity.Current is not { IsAllDataRequested: true } span)
        {
            return;
        }

        var record = CallRecord.Of(context);
        if (record.Path is null
            && context.GetEndpoint() is RouteEndpoint endpoint
            && RequiredScope.Of(endpoint) is Scopes.Metrics or Scopes.None)
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        var (request, status) = (context.Request, context.Response.StatusCode);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? request.Method : $"{request.Method} {route}";
        span.SetTag("http.request.method", request.Method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", status);
        span.SetTag("url.path", request.Path.Value);
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("faas.trigger", "http");
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag("error.type", record.Reason);
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
