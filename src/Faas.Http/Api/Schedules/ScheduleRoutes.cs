using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Api.Runs;
using Faas.Http.Wire;

namespace Faas.Http.Api.Schedules;

/// <summary>The routes of schedules. docs/schedules.md explains them to clients.</summary>
public static class ScheduleRoutes
{
    private const string Schedules = "/api/v1/schedules";
    private const string Schedule = $"{Schedules}/{{{ScheduleOfUrl.Segment}}}";
    private const string ETag = "ETag";

    private const string Content =
        """{"path": "jobs/report", "cron": "30 6 * * MON-FRI", "timeZone": "Europe/Berlin", "input": {"days": 1}}""";

    private const string Facts =
        """
        {"name": "nightly-report", "path": "jobs/report", "cron": "30 6 * * MON-FRI", "timeZone": "Europe/Berlin", "priority": 5,
         "enabled": true, "overlap": "skip", "missed": "skip", "createdAt": "2026-02-06T07:33:20Z", "updatedAt": "2026-02-06T07:33:20Z",
         "counts": {"runs": 1, "skipped": 0, "missed": 0, "failed": 0}, "next": "2026-02-10T05:30:00Z",
        """;

    private const string Last = """ "last": {"at": "2026-02-09T05:30:00Z", "run": "nightly-report-20260209T053000Z~k5f3a9c2e4b1d7a60" """;
    private const string Listed = Facts + Last + "}}";
    private const string Shown = Facts + Last + """, "state": "ended", "reason": "ok"}, "input": {"days": 1}}""";
    private const string Accepted = """{"id": "0194e4e8c3~k5f3a9c2e4b1d7a60", "state": "queued"}""";
    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    private static readonly RequestParameter s_ifMatch =
        new("If-Match", ParameterPlace.Header, "Do it only if the schedule has this entity tag; * if it exists.");

    private static readonly RequestParameter s_ifNoneMatch =
        new("If-None-Match", ParameterPlace.Header, "*: do it only if the schedule does not exist.");

    /// <summary>Adds them.</summary>
    public static void MapSchedules(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Schedules, s_reads, ScheduleEndpoints.ListAsync).Needs(Scopes.Read)
            .WithName("listSchedules").WithSummary("lists the schedules").Fails(503).ReplyExample($$"""{"schedules": [{{Listed}}]}""");
        routes.MapMethods(Schedule, s_reads, ScheduleEndpoints.FindAsync).Needs(Scopes.Read)
            .WithName("getSchedule").WithSummary("tells what a schedule runs when, and what became of its last fire")
            .Fails(404, 503).Sends(ETag).ReplyExample(Shown);
        routes.MapPut(Schedule, ScheduleEndpoints.WriteAsync).Needs(Scopes.Write)
            .WithName("writeSchedule").WithSummary("makes a schedule, or replaces it").Takes(s_ifMatch, s_ifNoneMatch)
            .Produces<ScheduleReply>().Produces<ScheduleReply>(StatusCodes.Status201Created).Fails(409, 412, 413, 503).Sends(ETag)
            .RequestExample(Content).ReplyExample(Shown).ReplyExample(Shown, StatusCodes.Status201Created);
        routes.MapDelete(Schedule, ScheduleEndpoints.DeleteAsync).TakesNoQuery().Needs(Scopes.Write)
            .WithName("deleteSchedule").WithSummary("deletes a schedule").Takes(s_ifMatch).Fails(404, 409, 412, 503);
        routes.MapPost($"{Schedule}/run", ScheduleEndpoints.RunAsync).Needs(Scopes.Write)
            .WithName("runSchedule").WithSummary("has the run of a schedule begin now")
            .Produces<AcceptedReply>(StatusCodes.Status202Accepted).Fails(404, 409, 413, 429, 501, 503)
            .Sends("Location", CallHeaders.ScriptVersion).ReplyExample(Accepted, StatusCodes.Status202Accepted);
    }
}
