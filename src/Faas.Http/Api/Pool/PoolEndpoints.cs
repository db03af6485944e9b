using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Pool;

/// <summary>What an operator sees of the pool, and may end.</summary>
public static class PoolEndpoints
{
    private const string Counts =
        """{"starting": 0, "spare": 1, "idle": 0, "busy": 1, "waiting": 0, "heldBytes": 52428800, "memoryBytes": 1073741824}""";

    private const string Example =
        $$"""
        {"counts": {{Counts}},
         "sandboxes": [{"name": "node-1", "image": "node", "state": "spare", "since": "2026-02-08T07:33:20Z", "memoryBytes": 26214400,
          "uses": 0, "runs": 0}],
         "runs": [{"id": "0194e4e8c2~7", "path": "math/add", "version": 1739000000, "mode": "execute", "since": "2026-02-08T07:33:21Z",
          "sandbox": "python-2"}]}
        """;

    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the routes.</summary>
    public static void MapPool(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/api/v1/pool", s_reads, ViewAsync).Needs(Scopes.Admin)
            .WithName("getPool").WithSummary("shows every sandbox and every run").Fails(503).ReplyExample(Example);
        routes.MapMethods(
                "/api/v1/pool/events",
                s_reads,
                context => context.RequestServices.GetRequiredService<PoolEventsEndpoint>().HandleAsync(context))
            .Needs(Scopes.Admin)
            .WithName("watchPool").WithSummary("sends the pool and its changes as events")
            .Answers(typeof(string), "text/event-stream").Sends(CallHeaders.PingSeconds);
        routes.MapDelete("/api/v1/pool/runs/{id}", CancelAsync).TakesNoQuery().Needs(Scopes.Admin)
            .WithName("cancelRun").WithSummary("cancels a run").Fails(404, 503)
            .Takes(new RequestParameter("id", ParameterPlace.Path, "The run's id, as the pool shows it.") { Example = "0194e4e8c2~7" });
        routes.MapPost("/api/v1/pool/drain", DrainAsync).Needs(Scopes.Admin)
            .WithName("drainPool").WithSummary("refuses new runs, lets the others end, and answers when no sandbox is left").Fails(409);
        routes.MapDelete("/api/v1/pool/drain", ResumeAsync).TakesNoQuery().Needs(Scopes.Admin)
            .WithName("resumePool").WithSummary("accepts runs again").Fails(409);
    }

    private static async Task<JsonBody<PoolReply>> ViewAsync(InspectPool pool, CancellationToken cancellation) =>
        new(PoolReply.Of(await pool.ViewAsync(cancellation)), PoolJson.Default.PoolReply);

    private static async Task<Results<NoContent, ProblemReply>> CancelAsync(string id, InspectPool pool, CancellationToken cancellation) =>
        NoContentOr(await pool.CancelAsync(id, cancellation));

    private static async Task<Results<NoContent, ProblemReply>> DrainAsync(
        DrainRequest request, DrainOnCall drain, CancellationToken cancellation) =>
        NoContentOr(await drain.BeginAsync(request.Within, cancellation));

    private static async Task<Results<NoContent, ProblemReply>> ResumeAsync(DrainOnCall drain, CancellationToken cancellation) =>
        NoContentOr(await drain.EndAsync(cancellation));

    private static Results<NoContent, ProblemReply> NoContentOr(Refusal? refusal) =>
        refusal is null ? TypedResults.NoContent() : new ProblemReply(FaasProblems.Of(refusal));
}
