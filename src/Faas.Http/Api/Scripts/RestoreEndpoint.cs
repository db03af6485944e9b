using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Scripts;

/// <summary><c>POST /api/v1/scripts/{path}/versions/{version}/restore</c>: make a stored version the latest again.</summary>
public static class RestoreEndpoint
{
    /// <summary>
    /// Answers as an upload does. The settings are checked as those of an upload are, because the caller's key may permit less than that of
    /// the version's author.
    /// </summary>
    public static async Task<Results<JsonBody<UploadReply>, ProblemReply>> HandleAsync(
        VersionOfUrl version, ReadScript read, PublishScript publish, AccessOptions access, HttpContext context)
    {
        // A request without a body needs no permission of a browser, unlike the other changes.
        if (ForeignPage.Sent(context.Request, access))
        {
            return new ProblemReply(FaasProblems.ForeignPage);
        }

        var (found, refusal) = await read.CodeAsync(version.Path, version.Version, context.RequestAborted);
        if (found is null)
        {
            return new ProblemReply(FaasProblems.Of(refusal!));
        }

        UploadRequest.Check(context, version.Path, found.Version.Settings);
        var result = await publish.RestoreAsync(context.TraceIdentifier, version.Path, found, context.KeyName());
        var (reply, problem) = UploadEndpoint.AnswerTo(result, version.Path, found.Version.Language, dryRun: false, context);
        return problem is not null ? new ProblemReply(problem) : new JsonBody<UploadReply>(reply!, ScriptsJson.Default.UploadReply);
    }
}
