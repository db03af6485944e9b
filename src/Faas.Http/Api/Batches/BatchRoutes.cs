using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Api.Runs.Recent;
using Faas.Http.Api.Scripts;
using Faas.Http.Wire;

namespace Faas.Http.Api.Batches;

/// <summary>The routes of batches. docs/batches.md explains them to clients.</summary>
public static class BatchRoutes
{
    private const string Batches = "/api/v1/batches";
    private const string Batch = $"{Batches}/{{id}}";
    private const string Tag = "batches";

    private const string Accepted =
        """{"id": "0194e4e8c3~b5f3a9c2e4b1d7a60", "path": "math/add", "version": 1739000000, "count": 1000, "state": "queued"}""";

    private const string Record =
        """
        {"id": "0194e4e8c3~b5f3a9c2e4b1d7a60", "path": "math/add", "version": 1739000000, "state": "ended",
         "received": "2026-02-08T07:33:21.1Z", "priority": 5, "count": 1000, "queued": 0, "running": 0, "ended": 1000,
         "reasons": {"error": 2, "ok": 998}, "startedAt": "2026-02-08T07:33:21.12Z", "endedAt": "2026-02-08T07:33:24.9Z"}
        """;

    private const string Results =
        """
        {"results": [
          {"index": 0, "run": "0194e4e8c3~k1b5f3a9c2e4d7a60", "state": "ended", "reason": "ok", "result": 3, "type": "number"},
          {"index": 1, "run": "0194e4e8c3~k0a9c2e4b1d7a605f", "state": "ended", "reason": "error", "detail": "ValueError: no number",
           "error": {"name": "ValueError", "message": "no number"}}]}
        """;

    private const string Events =
        "id: 1\ndata: {\"event\":\"result\",\"index\":0,\"run\":\"0194e4e8c3~k1b5f3a9c2e4d7a60\",\"reason\":\"ok\",\"data\":3,"
        + "\"type\":\"number\",\"progress\":{\"ended\":1,\"count\":1}}\n\n"
        + "id: 2\ndata: {\"event\":\"end\",\"data\":{\"ok\":1},\"type\":\"json\",\"progress\":{\"ended\":1,\"count\":1}}\n\n";

    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    private static readonly RequestParameter s_id =
        new("id", ParameterPlace.Path, "The id of the batch.") { Example = "0194e4e8c3~b5f3a9c2e4b1d7a60" };

    /// <summary>Adds them.</summary>
    public static void MapBatches(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/batch/{**path}", context => context.RequestServices.GetRequiredService<BatchEndpoint>().HandleAsync(context))
            .Needs(Scopes.Invoke).WithName("runBatch").WithSummary("runs a stored script once for each of many inputs").WithTags(Tag)
            .Takes(
                new RequestParameter("path", ParameterPlace.Path, "The script's path.") { Example = "math/add" },
                new RequestParameter(ScriptUrl.Version, ParameterPlace.Query, "A version: its number, or an alias; without it, the latest.")
                {
                    Example = "stable",
                },
                new RequestParameter(
                    IdempotencyKeys.Header,
                    ParameterPlace.Header,
                    "A name that the client gives the call: however often it is sent, there is one batch."))
            .Takes(new RequestContent(typeof(BatchContent))).RequestExample("""{"inputs": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}""")
            .Fails(404, 409, 413, 422, 429, 501, 503)
            .Answers(typeof(AcceptedBatchReply), "application/json", StatusCodes.Status202Accepted)
            .ReplyExample(Accepted, StatusCodes.Status202Accepted)
            .Answers(typeof(string), "text/event-stream").ReplyExample(Events)
            .Sends("Location", CallHeaders.ScriptVersion, CallHeaders.IdempotencyReplayed);
        routes.MapMethods(Batches, s_reads, BatchReads.ListAsync).Needs(Scopes.Runs)
            .WithName("listBatches").WithSummary("lists the batches, the newest first").WithTags(Tag)
            .Fails(503).ReplyExample($$"""{"batches": [{{Record}}]}""");
        routes.MapMethods(Batch, s_reads, BatchReads.FindAsync).Needs(Scopes.Runs | Scopes.Invoke)
            .WithName("getBatch").WithSummary("tells how far a batch has come, and how its runs ended").WithTags(Tag)
            .Takes(s_id).Fails(404, 503).ReplyExample(Record);
        routes.MapDelete(Batch, BatchReads.CancelAsync).TakesNoQuery().Needs(Scopes.Invoke)
            .WithName("cancelBatch").WithSummary("cancels the runs of a batch, and answers when their processes are dead").WithTags(Tag)
            .Takes(s_id).Fails(404, 409, 503).ReplyExample(Record);
        routes.MapMethods($"{Batch}/results", s_reads, BatchReads.ResultsAsync).Needs(Scopes.Runs | Scopes.Invoke)
            .WithName("listBatchResults").WithSummary("tells the values of a batch's runs, in the order of its inputs").WithTags(Tag)
            .Takes(s_id, ScriptParameters.Limit, ScriptParameters.After).Fails(404, 503)
            .Answers(typeof(BatchResultPageReply), "application/json").ReplyExample(Results)
            .Answers(typeof(string), BatchLines.MediaType);
        routes.MapMethods(
                $"{Batch}/events",
                s_reads,
                (string id, HttpContext context, BatchEventsEndpoint events) => events.HandleAsync(context, id))
            .Needs(Scopes.Runs | Scopes.Invoke)
            .WithName("followBatch").WithSummary("sends the values of a batch's runs as they end, as events").WithTags(Tag)
            .Takes([s_id, .. RunParameters.EventsAfter]).Fails(404, 410, 429, 503)
            .Answers(typeof(string), "text/event-stream").Produces(StatusCodes.Status204NoContent)
            .Sends(CallHeaders.PingSeconds).ReplyExample(Events);
    }
}
