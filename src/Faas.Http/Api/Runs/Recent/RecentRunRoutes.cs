using System.Globalization;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>The routes that show recent runs. docs/runs.md explains them to clients.</summary>
public static class RecentRunRoutes
{
    private const string Tag = "runs";

    private const string Run =
        """
        "id": "0194e4e8c2~7", "call": "0194e4e8c2", "via": "run", "path": "math/add", "version": 1739000000, "language": "python",
          "isolation": "process", "state": "ended", "start": "warm", "reason": "error", "status": 500, "detail": "ValueError: no number",
          "received": "2026-02-08T07:33:21.1Z", "queued": "2026-02-08T07:33:21.101Z", "started": "2026-02-08T07:33:21.102Z",
          "ended": "2026-02-08T07:33:21.11Z", "waitSeconds": 0.001, "runSeconds": 0.008, "totalSeconds": 0.01, "cpuSeconds": 0.0018,
          "memoryBytes": 41234432, "inputBytes": 15, "resultBytes": 0, "logBytes": 212
        """;

    private const string Page = "{\"runs\": [{" + Run + "}], \"kept\": {\"runs\": 1000, \"ageSeconds\": 900}}";

    private const string Detail =
        "{" + Run + ",\n \"error\": {\"name\": \"ValueError\", \"message\": \"no number\"},"
        + " \"log\": [{\"stream\": \"stdout\", \"text\": \"adding\"}]}";

    private const string Events =
        "id: 5f3a9c2e-481\ndata: {\"event\":\"runs\",\"runs\":[],\"kept\":{\"runs\":1000,\"ageSeconds\":900}}\n\n";

    private const string KeptEvents =
        "id: 0\ndata: {\"event\":\"state\",\"data\":\"running\",\"type\":\"text\"}\n\n"
        + "id: 1\ndata: {\"event\":\"log\",\"data\":\"adding\",\"type\":\"text\"}\n\n"
        + "id: 2\ndata: {\"event\":\"result\",\"data\":3,\"type\":\"number\"}\n\n";

    private const string Activity =
        """
        {"from": "2026-02-08T07:32:00Z", "bucketSeconds": 60, "buckets": 2,
         "scripts": [{"path": "math/add", "runs": 12, "failed": 1, "p50Seconds": 0.0031, "p95Seconds": 0.012,
          "series": {"runs": [0, 12], "p50Seconds": [0, 0.0031], "p95Seconds": [0, 0.012]},
          "failures": [{"reason": "error", "runs": [0, 1]}]}]}
        """;

    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds them.</summary>
    public static void MapRecentRuns(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/api/v1/runs", s_reads, ListAsync).Needs(Scopes.Runs)
            .WithName("listRuns").WithSummary("lists the runs of the last minutes, or those that are kept").WithTags(Tag)
            .Fails(503).ReplyExample(Page);
        routes.MapMethods(
                "/api/v1/runs/events",
                s_reads,
                context => context.RequestServices.GetRequiredService<RunEventsEndpoint>().HandleAsync(context))
            .Needs(Scopes.Runs)
            .WithName("watchRuns").WithSummary("sends the newest runs and their changes as events").WithTags(Tag)
            .Takes([.. RunParameters.Filter, RunParameters.StreamLimit])
            .Answers(typeof(string), "text/event-stream").Sends(CallHeaders.PingSeconds).ReplyExample(Events);
        routes.MapMethods("/api/v1/runs/activity", s_reads, Count).Needs(Scopes.Read)
            .WithName("getActivity").WithSummary("tells how often scripts ran, by the minute").WithTags(Tag).ReplyExample(Activity);
        routes.MapMethods("/api/v1/runs/{id}", s_reads, FindAsync).Needs(Scopes.Runs | Scopes.Invoke)
            .WithName("getRun").WithSummary("tells of one run, and what it has printed").WithTags(Tag).Fails(404, 503)
            .Takes(new RequestParameter("id", ParameterPlace.Path, "The run's id.") { Example = "0194e4e8c2~7" })
            .ReplyExample(Detail);
        routes.MapMethods(
                "/api/v1/runs/{id}/events",
                s_reads,
                (string id, HttpContext context, KeptEventsEndpoint events) => events.HandleAsync(context, id))
            .Needs(Scopes.Runs | Scopes.Invoke)
            .WithName("followKeptRun").WithSummary("sends what a kept run prints, and how it ends, as events").WithTags(Tag)
            .Fails(404, 410, 429, 503)
            .Takes(
            [
                new RequestParameter("id", ParameterPlace.Path, "The run's id.") { Example = "0194e4e8c3~k5f3a9c2e4b1d7a60" },
                .. RunParameters.EventsAfter,
            ])
            .Answers(typeof(string), "text/event-stream").Produces(StatusCodes.Status204NoContent)
            .Sends(CallHeaders.PingSeconds).ReplyExample(KeptEvents);
        routes.MapDelete("/api/v1/runs/{id}", CancelAsync).TakesNoQuery().Needs(Scopes.Invoke)
            .WithName("cancelKeptRun").WithSummary("cancels a kept run, and answers when its processes are dead").WithTags(Tag)
            .Fails(404, 409, 503)
            .Takes(new RequestParameter("id", ParameterPlace.Path, "The run's id.") { Example = "0194e4e8c3~k5f3a9c2e4b1d7a60" })
            .ReplyExample(Detail);
    }

    private static async Task<Results<JsonBody<RunPageReply>, ProblemReply>> ListAsync(
        RunsRequest request, RecentRuns recent, IKeptRuns kept, KeptRunsOptions options, CancellationToken cancellation)
    {
        if (request.IsKept)
        {
            return await ListKeptAsync(request, kept, options, cancellation);
        }

        var (runs, next) = recent.Page(request.Filter, request.Page.Limit, request.Before);
        return new JsonBody<RunPageReply>(
            new RunPageReply(
                [.. runs.Select(run => new RecentRunReply(run))],
                KeptReply.Of(recent.Options),
                request.Page.Cursor(next?.ToString(CultureInfo.InvariantCulture))),
            RunsJson.Default.RunPageReply);
    }

    private static async Task<Results<JsonBody<RunPageReply>, ProblemReply>> ListKeptAsync(
        RunsRequest request, IKeptRuns kept, KeptRunsOptions options, CancellationToken cancellation)
    {
        try
        {
            var (runs, next) = await kept.PageAsync(request.Filter, request.Page.Limit, request.Before, cancellation);
            return new JsonBody<RunPageReply>(
                new RunPageReply(
                    [.. runs.Select(run => new RecentRunReply(run))],
                    KeptReply.Of(options),
                    request.Page.Cursor(next?.ToString(CultureInfo.InvariantCulture))),
                RunsJson.Default.RunPageReply);
        }
        catch (StoreException)
        {
            return new ProblemReply(FaasProblems.Of(Refusal.StoreIsAway));
        }
    }

    private static async Task<Results<JsonBody<RunDetailReply>, ProblemReply>> FindAsync(
        string id, RecentRuns recent, IKeptRuns kept, HttpContext context)
    {
        if (KeptIds.Is(id))
        {
            var run = await kept.FindAsync(context, id, Scopes.Runs);
            return new JsonBody<RunDetailReply>(new RunDetailReply(run), RunsJson.Default.RunDetailReply);
        }

        context.CheckSeesOthers();
        return Find(id, recent, context);
    }

    private static async Task<Results<JsonBody<RunDetailReply>, ProblemReply>> CancelAsync(
        string id, IKeptRuns kept, CancelKeptRun cancel, HttpContext context)
    {
        await kept.FindAsync(context, id, Scopes.Admin);
        var (run, refusal) = await cancel.ExecuteAsync(id, context.RequestAborted);
        return run is null
            ? new ProblemReply(FaasProblems.Of(refusal!))
            : new JsonBody<RunDetailReply>(new RunDetailReply(run), RunsJson.Default.RunDetailReply);
    }

    private static Results<JsonBody<RunDetailReply>, ProblemReply> Find(string id, RecentRuns recent, HttpContext context) =>
        recent.Find(id, new RunFilter { Roots = context.KeyPaths().Roots }) is { } run
            ? new JsonBody<RunDetailReply>(new RunDetailReply(run), RunsJson.Default.RunDetailReply)
            : new ProblemReply(FaasProblems.Of(Refusal.ForgottenRun(id)));

    private static JsonBody<ActivityReply> Count(ActivityRequest request, RecentRuns recent)
    {
        var (from, scripts) = recent.Activity(request.Filter, request.Minutes);
        return new JsonBody<ActivityReply>(
            new ActivityReply(
                from.UtcDateTime,
                60,
                request.Minutes,
                [.. scripts.Take(request.Limit).Select(ScriptActivityReply.Of)],
                scripts.Count > request.Limit ? true : null),
            RunsJson.Default.ActivityReply);
    }
}
