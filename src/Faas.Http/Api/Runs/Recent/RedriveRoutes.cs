using System.Text.Json.Serialization;
using Faas.Actors.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Api.Scripts;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>The routes that have runs run again. docs/asynchronous.md explains them to clients.</summary>
public static class RedriveRoutes
{
    private const string Tag = "runs";
    private const int UsualLimit = 100;

    private const string Accepted = """{"id": "0194e4e8c4~k1b5f3a9c2e4d7a60", "state": "queued"}""";

    private const string Many =
        """
        {"redriven": [{"id": "0194e4e8c3~k5f3a9c2e4b1d7a60", "by": "0194e4e8c4~k1b5f3a9c2e4d7a60"}],
         "refused": [{"id": "0194e4e8c1~k0a9c2e4b1d7a605f", "reason": "not_found", "detail": "There is no script \"jobs/a\"."}]}
        """;

    private static readonly string[] s_known =
        [.. RunParameters.FilterNames, RunParameters.ScheduleName, RunParameters.ToName, PageOfList.LimitName];

    /// <summary>Adds them.</summary>
    public static void MapRedrives(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/runs/{id}/redrive", RedriveAsync).Needs(Scopes.Invoke)
            .WithName("redriveRun").WithSummary("has an ended run run again, with the same input").WithTags(Tag)
            .Takes(
                new RequestParameter("id", ParameterPlace.Path, "The run's id.") { Example = "0194e4e8c3~k5f3a9c2e4b1d7a60" },
                RunParameters.To)
            .Fails(404, 409, 429, 503)
            .Answers(typeof(AcceptedReply), "application/json", StatusCodes.Status202Accepted)
            .ReplyExample(Accepted, StatusCodes.Status202Accepted).Sends("Location");
        routes.MapPost("/api/v1/runs/redrive", RedriveManyAsync).Needs(Scopes.Invoke)
            .WithName("redriveRuns").WithSummary("has dead letters run again, with the same inputs").WithTags(Tag)
            .Takes([.. RunParameters.Filter, RunParameters.Schedule, RunParameters.To, RunParameters.RedriveLimit])
            .Fails(503).ReplyExample(Many);
    }

    private static async Task RedriveAsync(string id, IKeptRuns kept, RedriveRun redrive, TimeProvider time, HttpContext context)
    {
        await StrictRequest.CheckQueryAloneAsync(context, RunParameters.ToName);
        var by = ByOf(context, time);
        var old = await kept.FindAsync(context, id, Scopes.Runs);
        foreach (var to in old.Call.Then?.All ?? [])
        {
            context.CheckKeyIsFor(to.Path);
        }

        var (run, refusal) = await redrive.ExecuteAsync(old, by, context.RequestAborted);
        if (run is null)
        {
            throw new ProblemException(FaasProblems.Of(refusal!));
        }

        context.Response.Headers.Location = AsyncRun.LocationOf(run.Id);
        await AcceptedReply.WriteAsync(context, run, RunStage.Queued);
    }

    private static async Task<Results<JsonBody<RedriveReply>, ProblemReply>> RedriveManyAsync(
        RedriveRun redrive, TimeProvider time, HttpContext context)
    {
        context.CheckSeesOthers();
        await StrictRequest.CheckQueryAloneAsync(context, s_known);
        var query = context.Request.Query;
        var most = RunFilterOfUrl.NumberOf(query, PageOfList.LimitName, UsualLimit, PageOfList.MaxLimit);
        try
        {
            var filter = RunFilterOfUrl.Of(context) with { Schedule = PageOfList.One(query, RunParameters.ScheduleName) };
            var done = await redrive.ExecuteAsync(filter, most, ByOf(context, time), context.RequestAborted);
            return new JsonBody<RedriveReply>(RedriveReply.Of(done), RedriveJson.Default.RedriveReply);
        }
        catch (StoreException)
        {
            return new ProblemReply(FaasProblems.Of(Refusal.StoreIsAway));
        }
    }

    private static Redrive ByOf(HttpContext context, TimeProvider time) => new(
        context.TraceIdentifier,
        context.KeyName(),
        context.CallerOfKey(),
        PageOfList.One(context.Request.Query, RunParameters.ToName) is { } to ? ScriptUrl.VersionOf(RunParameters.ToName, to) : null,
        AsyncRun.ReceivedOf(context, time),
        context.KeyPaths().Include);
}

/// <summary>What came of redriving many runs.</summary>
/// <param name="Redriven">Those that run again.</param>
/// <param name="Refused">Those that do not.</param>
/// <param name="More">Whether there may be more that are meant: the limit was reached, or the queue is full; left out: no.</param>
public sealed record RedriveReply(IReadOnlyList<RedrivenReply> Redriven, IReadOnlyList<NotRedrivenReply> Refused, bool? More)
{
    /// <summary>The same for a client.</summary>
    public static RedriveReply Of(RedrivenRuns done) => new(
        [.. done.Redriven.Select(run => new RedrivenReply(run.Old, run.New))],
        [.. done.Refused.Select(run => new NotRedrivenReply(run.Old, run.Why.Reason.ToWire(), run.Why.Detail))],
        done.HasMore ? true : null);
}

/// <summary>A run that runs again.</summary>
/// <param name="Id">The run.</param>
/// <param name="By">The run in its place.</param>
public sealed record RedrivenReply(string Id, string By);

/// <summary>A run that does not run again.</summary>
/// <param name="Id">The run.</param>
/// <param name="Reason">Why, as replies say it.</param>
/// <param name="Detail">Why, in one line.</param>
public sealed record NotRedrivenReply(string Id, string Reason, string Detail);

/// <summary>JSON of the replies.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RedriveReply))]
internal sealed partial class RedriveJson : JsonSerializerContext;
