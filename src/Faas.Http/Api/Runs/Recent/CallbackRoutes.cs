using Faas.Actors.Runs.Kept;
using Faas.Actors.UseCases.Callbacks;
using Faas.Http.Access;
using Faas.Http.Api.Description;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>The route that has a callback sent again. docs/callbacks.md explains it to clients.</summary>
public static class CallbackRoutes
{
    private const string Sent =
        """
        {"id": "0194e4e8c3~k5f3a9c2e4b1d7a60", "call": "0194e4e8c3", "via": "run", "path": "math/sum", "version": 1739000000,
         "language": "python", "isolation": "process", "state": "ended", "kept": true, "reason": "ok", "status": 200,
         "received": "2026-02-08T07:33:21.1Z", "queued": "2026-02-08T07:33:21.1Z", "ended": "2026-02-08T07:33:21.164Z", "inputBytes": 15,
         "callback": {"url": "https://example.com/done", "state": "pending", "attempts": 0, "lastStatus": 503,
          "next": "2026-02-08T09:12:40.5Z"}, "log": []}
        """;

    /// <summary>Adds it.</summary>
    public static void MapCallbacks(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/runs/{id}/callback", SendAgainAsync).Needs(Scopes.Invoke)
            .WithName("sendCallbackAgain").WithSummary("has the callback of an ended run sent again").WithTags("runs")
            .Takes(new RequestParameter("id", ParameterPlace.Path, "The run's id.") { Example = "0194e4e8c3~k5f3a9c2e4b1d7a60" })
            .Fails(404, 409, 503).ReplyExample(Sent);

    private static async Task<Results<JsonBody<RunDetailReply>, ProblemReply>> SendAgainAsync(
        string id, IKeptRuns kept, SendCallbackAgain again, AccessOptions access, HttpContext context)
    {
        // A request without a body needs no permission of a browser.
        if (ForeignPage.Sent(context.Request, access))
        {
            return new ProblemReply(FaasProblems.ForeignPage);
        }

        await kept.LookAsync(context, id, Scopes.Runs);
        var (run, refusal) = await again.ExecuteAsync(id, context.RequestAborted);
        return run is null
            ? new ProblemReply(FaasProblems.Of(refusal!))
            : new JsonBody<RunDetailReply>(new RunDetailReply(run), RunsJson.Default.RunDetailReply);
    }
}
