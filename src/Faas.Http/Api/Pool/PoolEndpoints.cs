using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Pool;

/// <summary>What an operator sees of the pool, and may end.</summary>
public static class PoolEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void MapPool(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/pool", ViewAsync).Needs(Scopes.Admin).WithSummary("shows every sandbox and every run");
        routes.MapGet(
                "/api/v1/pool/events",
                context => context.RequestServices.GetRequiredService<PoolEventsEndpoint>().HandleAsync(context))
            .Needs(Scopes.Admin)
            .WithSummary("sends the pool and its changes as events");
        routes.MapDelete("/api/v1/pool/runs/{id}", CancelAsync).Needs(Scopes.Admin).WithSummary("cancels a run");
        routes.MapPost("/api/v1/pool/drain", DrainAsync).Needs(Scopes.Admin)
            .WithSummary("refuses new runs, lets the others end, and answers when no sandbox is left");
        routes.MapDelete("/api/v1/pool/drain", ResumeAsync).Needs(Scopes.Admin).WithSummary("accepts runs again");
    }

    private static async Task<JsonBody<PoolReply>> ViewAsync(InspectPool pool, TimeProvider time, CancellationToken cancellation) =>
        new(PoolReply.Of(await pool.ViewAsync(cancellation), time.GetUtcNow()), PoolJson.Default.PoolReply);

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
