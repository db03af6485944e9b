using Faas.Actors.Runs;
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
    /// <c>"dryRun":true</c> where nothing was to be stored.
    /// </summary>
    public static async Task<Results<JsonBody<UploadReply>, ProblemReply>> HandleAsync(
        UploadRequest request, PublishScript publish, HttpContext context)
    {
        var (path, language, code, settings, force, dryRun) = request;
        var record = CallRecord.Of(context);
        record.Path = path;
        context.CheckKeyIsFor(path);
        var result = await publish.ExecuteAsync(
            new PublishRequest(context.TraceIdentifier, path, language, code, settings, context.KeyName(), force, dryRun)
            {
                Tree = request.Tree,
            },
            context.RequestAborted);
        if (CheckOf(result) is { } check)
        {
            context.Response.SetOutcome(check);
            record.Take(check);
        }

        switch (result)
        {
            case Published { Version: var version, IsUnchanged: var isUnchanged }:
                context.Response.SetVersion(version);
                record.Version = version;
                return Reply(new UploadReply(path, language, version, isUnchanged, dryRun));
            case Publishable { Latest: var latest }:
                return Reply(new UploadReply(path, language, latest, DryRun: true));
            case NotPublished { Outcome: var outcome }:
                return new ProblemReply(FaasProblems.Of(outcome));
            case PublishNotTaken { Refusal: var refusal }:
                return new ProblemReply(FaasProblems.Of(refusal));
            default:
                throw new InvalidOperationException($"An upload ended with {result.GetType().Name}.");
        }
    }

    private static JsonBody<UploadReply> Reply(UploadReply reply) => new(reply, ScriptsJson.Default.UploadReply);

    private static Outcome? CheckOf(PublishResult result) => result switch
    {
        Published published => published.Check,
        Publishable publishable => publishable.Check,
        NotPublished notPublished => notPublished.Outcome,
        PublishNotTaken notTaken => notTaken.Check,
        _ => null,
    };
}
