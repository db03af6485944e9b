using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire;

namespace Faas.Http.Api.Runs;

/// <summary>The routes that run scripts. The README explains them to clients.</summary>
public static class RunRoutes
{
    private const string Tag = "runs";

    private const string Answer = """{"data": 3, "type": "number"}""";

    private const string Accepted = """{"id": "0194e4e8c3~k5f3a9c2e4b1d7a60", "state": "queued"}""";

    private const string Events =
        "id: 1\ndata: {\"event\":\"log\",\"data\":\"adding\",\"type\":\"text\"}\n\n"
        + "id: 2\ndata: {\"event\":\"result\",\"data\":3,\"type\":\"number\"}\n\n";

    private static readonly int[] s_failures = [422, 429, 500, 503, 504];
    private static readonly string[] s_headers = [CallHeaders.ScriptVersion, CallHeaders.Start, CallHeaders.Duration];

    /// <summary>Adds them.</summary>
    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/run/{**path}", context => Of<RunEndpoint>(context).HandleAsync(context)).Needs(Scopes.Invoke)
            .WithName("runScript").WithSummary("runs a stored script").WithTags(Tag)
            .WithMetadata(new CallContent("RunRequest", CallMembers.Run))
            .Takes(
                new RequestParameter("path", ParameterPlace.Path, "The script's path.") { Example = "math/add" },
                new RequestParameter(ScriptUrl.Version, ParameterPlace.Query, "A version: its number, or an alias; without it, the latest.")
                {
                    Example = "stable",
                },
                new RequestParameter(
                    Preferences.Header,
                    ParameterPlace.Header,
                    "respond-async: the run is kept, the answer is 202, and its Location tells what becomes of the run (RFC 7240). "
                    + "wait=10: so it is for a run that has not ended within ten seconds.")
                {
                    Example = Preferences.RespondAsync,
                },
                new RequestParameter(
                    IdempotencyKeys.Header,
                    ParameterPlace.Header,
                    "A name that the client gives the call: however often it is sent, it has one run, and one answer."))
            .Fails([404, 409, 413, 501, .. s_failures]).AnswersRun()
            .Answers(typeof(AcceptedReply), "application/json", StatusCodes.Status202Accepted)
            .ReplyExample(Accepted, StatusCodes.Status202Accepted)
            .Sends("Location", Preferences.AppliedHeader, CallHeaders.IdempotencyReplayed)
            .RequestExample("""{"input": {"a": 1, "b": 2}}""");
        routes.MapPost("/run-now", context => Of<RunNowEndpoint>(context).HandleAsync(context)).Needs(Scopes.Execute)
            .WithName("runCode").WithSummary("runs code that is not stored").WithTags(Tag)
            .WithMetadata(new CallContent("RunNowRequest", CallMembers.RunNow))
            .Fails(s_failures).AnswersRun()
            .RequestExample("""{"language": "javascript", "code": "return event.a + event.b", "input": {"a": 1, "b": 2}}""");
    }

    private static IEndpointConventionBuilder AnswersRun(this IEndpointConventionBuilder route) => route
        .Answers(typeof(RunAnswer), "application/json").ReplyExample(Answer)
        .Answers(typeof(string), "text/event-stream").ReplyExample(Events)
        .Sends(s_headers);

    private static T Of<T>(HttpContext context) where T : notnull => context.RequestServices.GetRequiredService<T>();
}
