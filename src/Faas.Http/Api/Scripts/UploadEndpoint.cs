using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Scripts;

/// <summary><c>POST /upload</c>: publish a new version of a script.</summary>
public static class UploadEndpoint
{
    /// <summary>
    /// Answers <c>{"path","language","version"}</c>, with <c>"unchanged":true</c> where the latest version is the same, and
    /// <c>"dryRun":true</c> where nothing was to be stored. With <c>"stream":true</c> that is the last event of a stream.
    /// </summary>
    public static async Task<Results<JsonBody<UploadReply>, UploadEvents, ProblemReply>> HandleAsync(
        UploadRequest request, PublishScript publish, HttpContext context)
    {
        CallRecord.Of(context).Path = request.Path;
        context.CheckKeyIsFor(request.Path);
        var publishing = new PublishRequest(
            context.TraceIdentifier,
            request.Path,
            request.Language,
            request.Code,
            request.Settings,
            context.KeyName(),
            request.Force,
            request.DryRun)
        {
            Tree = request.Tree,
        };
        if (request.Stream)
        {
            return new UploadEvents(
                (log, cancellation) => publish.ExecuteAsync(publishing with { Log = log }, cancellation),
                result => AnswerTo(result, request.Path, request.Language, request.DryRun, context));
        }

        var result = await publish.ExecuteAsync(publishing, context.RequestAborted);
        var (reply, problem) = AnswerTo(result, request.Path, request.Language, request.DryRun, context);
        return problem is not null ? new ProblemReply(problem) : new JsonBody<UploadReply>(reply!, ScriptsJson.Default.UploadReply);
    }

    /// <summary>The answer to a request that makes a version: a reply, or a problem.</summary>
    internal static (UploadReply? Reply, Problem? Problem) AnswerTo(
        PublishResult result, string path, Language language, bool dryRun, HttpContext context)
    {
        var record = CallRecord.Of(context);
        var canTell = !context.Response.HasStarted;
        if (CheckOf(result) is { } check)
        {
            record.Take(check);
            if (canTell)
            {
                context.Response.SetOutcome(check);
            }
        }

        if (result is Published { Version: var stored })
        {
            record.Version = stored;
            if (canTell)
            {
                context.Response.SetVersion(stored);
            }
        }

        return result switch
        {
            Published published => (new UploadReply(path, language, published.Version, published.IsUnchanged, dryRun), null),
            Publishable { Latest: var latest } => (new UploadReply(path, language, latest, DryRun: true), null),
            NotPublished { Outcome: var outcome } => (null, FaasProblems.Of(outcome)),
            PublishNotTaken { Refusal: var refusal } => (null, FaasProblems.Of(refusal)),
            _ => throw new InvalidOperationException($"An upload ended with {result.GetType().Name}."),
        };
    }

    private static Outcome? CheckOf(PublishResult result) => result switch
    {
        Published published => published.Check,
        Publishable publishable => publishable.Check,
        NotPublished notPublished => notPublished.Outcome,
        PublishNotTaken notTaken => notTaken.Check,
        _ => null,
    };
}
