using Faas.Http.Access;
using Faas.Http.Api.Description;
using Faas.Http.Wire;

namespace Faas.Http.Api.Health;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: it could run a script now.</summary>
public static class HealthEndpoints
{
    private const string Passed = "ok";

    private const string Example =
        """
        {"status": "ready", "limits": "cgroup v2", "launch": "fork", "durability": "always",
         "checks": {"accepting": "ok", "store": "ok", "sandboxes": "ok", "walls": "ok"},
         "pool": {"starting": 0, "spare": 2, "idle": 0, "busy": 0, "waiting": 0, "heldBytes": 52428800, "memoryBytes": 1073741824}}
        """;

    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds both routes.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/healthz", s_methods, Alive).Needs(Scopes.None)
            .WithName("getHealth").WithSummary("says that the server is alive").WithTags("server").ReplyExample("""{"status": "alive"}""");
        routes.MapMethods("/readyz", s_methods, ReadyAsync)
            .Needs(Scopes.None)
            .WithName("getReadiness").WithSummary("says whether it could run a script now, and what its pool holds").WithTags("server")
            .Produces<ReadinessReply>().Produces<ReadinessReply>(StatusCodes.Status503ServiceUnavailable).ReplyExample(Example);
    }

    private static JsonBody<HealthReply> Alive() => new(new HealthReply("alive"), HealthJson.Default.HealthReply);

    private static async Task<JsonBody<ReadinessReply>> ReadyAsync(Readiness readiness, CancellationToken cancellation)
    {
        var asked = readiness.SandboxesAsync(cancellation);
        var (store, durability) = await readiness.StoreAsync(cancellation);
        var (sandboxes, pool) = await asked;
        var checks = new Dictionary<string, string>
        {
            ["accepting"] = readiness.Accepting(pool) ?? Passed,
            ["store"] = store ?? Passed,
            ["sandboxes"] = sandboxes ?? Passed,
            ["walls"] = readiness.Walls ?? Passed,
        };
        if (readiness.IsNode)
        {
            checks["cluster"] = readiness.Cluster ?? Passed;
        }

        var isReady = checks.Values.All(check => check == Passed);
        var reply = new ReadinessReply(
            isReady ? "ready" : "not ready",
            readiness.Limits,
            readiness.Launch,
            durability,
            checks,
            pool is null ? null : PoolCounts.Of(pool));
        return new JsonBody<ReadinessReply>(
            reply, HealthJson.Default.ReadinessReply, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
