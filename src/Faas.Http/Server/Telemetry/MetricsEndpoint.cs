using Faas.Http.Access;
using Faas.Http.Api.Description;

namespace Faas.Http.Server.Telemetry;

/// <summary><c>GET /metrics</c>: every metric as Prometheus reads it.</summary>
public static class MetricsEndpoint
{
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the route.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        var page = routes.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();
        routes.MapMethods("/metrics", s_methods, page).Needs(Scopes.Metrics)
            .WithName("getMetrics").WithSummary("what the server counts, for Prometheus").WithTags("server")
            .Answers(typeof(string), "text/plain");
    }
}
