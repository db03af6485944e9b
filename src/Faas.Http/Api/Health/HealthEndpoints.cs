using System.Text.Json;
using Faas.Actors.Pool.Scheduler;
using Faas.Http.Access;

namespace Faas.Http.Api.Health;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: it could run a script now.</summary>
public static class HealthEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds both routes.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/healthz", Methods, context => WriteAsync(context, StatusCodes.Status200OK, json => json.WriteString("status", "alive"))).Needs(Scopes.None);
        routes.MapMethods("/readyz", Methods, ReadyAsync).Needs(Scopes.None);
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        var readiness = context.RequestServices.GetRequiredService<Readiness>();
        var asked = readiness.SandboxesAsync(context.RequestAborted);
        var store = await readiness.StoreAsync(context.RequestAborted);
        var (sandboxes, pool) = await asked;
        (string Name, string? WhyNot)[] checks = [("accepting", readiness.Accepting), ("store", store), ("sandboxes", sandboxes), ("walls", readiness.Walls)];
        var isReady = checks.All(check => check.WhyNot is null);
        await WriteAsync(context, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
        {
            json.WriteString("status", isReady ? "ready" : "not ready");
            if (readiness.Limits is { } limits)
            {
                json.WriteString("limits", limits);
            }

            json.WriteStartObject("checks");
            foreach (var (name, whyNot) in checks)
            {
                json.WriteString(name, whyNot ?? "ok");
            }

            json.WriteEndObject();
            if (pool is not null)
            {
                WritePool(json, pool);
            }
        });
    }

    private static void WritePool(Utf8JsonWriter json, PoolStatus pool)
    {
        json.WriteStartObject("pool");
        json.WriteNumber("starting", pool.Starting);
        json.WriteNumber("spare", pool.Spare);
        json.WriteNumber("idle", pool.Idle);
        json.WriteNumber("busy", pool.Busy);
        json.WriteNumber("waiting", pool.Waiting);
        json.WriteEndObject();
    }

    private static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> members)
    {
        using var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
        }
    }
}
