using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases.Schedules;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Runs;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Schedules;

/// <summary>
/// The routes of <c>/api/v1/schedules</c>. A key that is limited to scripts sees and changes their schedules only. To have something run by
/// a schedule takes the scope <c>invoke</c> beside <c>write</c>, as any other run does.
/// </summary>
public static class ScheduleEndpoints
{
    /// <summary><c>GET /api/v1/schedules</c>.</summary>
    public static async Task<Results<JsonBody<SchedulePageReply>, ProblemReply>> ListAsync(
        SchedulesRequest request, ChangeSchedules schedules, HttpContext context)
    {
        var (page, next, refusal) = await schedules.PageAsync(
            context.KeyPaths().Roots, request.Page.Limit, request.Page.After, context.RequestAborted);
        return refusal is not null
            ? new ProblemReply(FaasProblems.Of(refusal))
            : new JsonBody<SchedulePageReply>(
                new SchedulePageReply([.. page.Select(one => ScheduleReply.Of(one))], request.Page.Cursor(next)),
                SchedulesJson.Default.SchedulePageReply);
    }

    /// <summary><c>GET …/{name}</c>.</summary>
    public static async Task<Results<JsonBody<ScheduleReply>, ProblemReply>> FindAsync(
        ScheduleOfUrl url, ChangeSchedules schedules, IKeptRuns runs, HttpContext context)
    {
        var (found, refusal) = await schedules.FindAsync(url.Name, context.KeyPaths().Include, context.RequestAborted);
        return found is null
            ? new ProblemReply(FaasProblems.Of(refusal!))
            : await AnswerAsync(context, found, StatusCodes.Status200OK, runs);
    }

    /// <summary><c>PUT …/{name}</c>: 201 where it makes the schedule.</summary>
    public static async Task<Results<JsonBody<ScheduleReply>, ProblemReply>> WriteAsync(
        ScheduleOfUrl url, ScheduleRequest request, ChangeSchedules schedules, IKeptRuns runs, HttpContext context)
    {
        CallRecord.Of(context).Path = request.Path;
        context.CheckKeyIsFor(request.Path);
        CheckMayRun(context);
        var (written, refusal) = await schedules.WriteAsync(
            request.ToSchedule(url.Name, context.KeyName(), context.CallerOfKey()),
            request.Input,
            url.Condition,
            context.KeyPaths().Include,
            context.RequestAborted);
        return written is null
            ? new ProblemReply(FaasProblems.Of(refusal!))
            : await AnswerAsync(
                context, written.Stored, written.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, runs);
    }

    /// <summary><c>DELETE …/{name}</c>.</summary>
    public static async Task<Results<NoContent, ProblemReply>> DeleteAsync(
        ScheduleOfUrl url, ChangeSchedules schedules, HttpContext context) =>
        await schedules.DeleteAsync(url.Name, url.Condition, context.KeyPaths().Include, context.RequestAborted) is { } refusal
            ? new ProblemReply(FaasProblems.Of(refusal))
            : TypedResults.NoContent();

    /// <summary><c>POST …/{name}/run</c>.</summary>
    public static async Task<Results<JsonBody<AcceptedReply>, ProblemReply>> RunAsync(
        ScheduleOfUrl url, ChangeSchedules schedules, KeptRunsOptions kept, AccessOptions access, HttpContext context)
    {
        // A request without a body needs no permission of a browser, unlike the other changes.
        if (ForeignPage.Sent(context.Request, access))
        {
            return new ProblemReply(FaasProblems.ForeignPage);
        }

        if (!kept.Enabled)
        {
            return new ProblemReply(FaasProblems.AsyncUnsupported);
        }

        CheckMayRun(context);
        var record = CallRecord.Of(context);
        var (run, refusal) = await schedules.RunAsync(
            url.Name,
            context.TraceIdentifier,
            (context.KeyName(), context.CallerOfKey()),
            context.KeyPaths().Include,
            context.RequestAborted);
        if (run is null)
        {
            return new ProblemReply(FaasProblems.Of(refusal!));
        }

        record.Version = run.Version;
        context.Response.SetVersion(run.Version);
        context.Response.Headers.Location = AsyncRun.LocationOf(run.Id);
        return new JsonBody<AcceptedReply>(
            new AcceptedReply(run.Id, RunStage.Queued), AcceptedJson.Default.AcceptedReply, StatusCodes.Status202Accepted);
    }

    private static async Task<JsonBody<ScheduleReply>> AnswerAsync(HttpContext context, StoredSchedule found, int status, IKeptRuns runs)
    {
        CallRecord.Of(context).Path = found.Schedule.Path;
        context.Response.Headers.ETag = EntityTags.Of(found.Revision);
        return new JsonBody<ScheduleReply>(
            ScheduleReply.Of(found, await LastAsync(runs, found, context.RequestAborted)), SchedulesJson.Default.ScheduleReply, status);
    }

    // A store that is away since it was asked for the schedule costs the state of the run, and not the answer.
    private static async Task<KeptRun?> LastAsync(IKeptRuns runs, StoredSchedule found, CancellationToken cancellation)
    {
        try
        {
            return found.RunId is { } id ? await runs.LookAsync(id, cancellation) : null;
        }
        catch (StoreException)
        {
            return null;
        }
    }

    private static void CheckMayRun(HttpContext context)
    {
        if (!context.KeyMay(Scopes.Invoke))
        {
            throw new ProblemException(FaasProblems.Forbidden(context.KeyName()!, ScopeNames.NamesOf(Scopes.Invoke)));
        }
    }
}
