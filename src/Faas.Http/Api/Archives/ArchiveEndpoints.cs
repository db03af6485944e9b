using Faas.Actors.Archives;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Archives;

/// <summary>Export and import. Both stream: neither holds more of an archive than one line.</summary>
public static class ArchiveEndpoints
{
    /// <summary>
    /// <c>GET /api/v1/export</c>. A store that fails on the way cuts the connection, so that no half archive looks whole.
    /// </summary>
    public static async Task ExportAsync(ExportQuery query, ExportScripts export, HttpContext context)
    {
        context.Response.ContentType = ArchiveForm.MediaType;
        context.Response.Headers.ContentDisposition = "attachment; filename=\"faas.ndjson\"";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return; // the headers are all that is asked for
        }

        try
        {
            await export.WriteAsync(context.Response.BodyWriter, query.Prefix, context.RequestAborted);
        }
        catch (StoreException failed) when (!context.Response.HasStarted)
        {
            context.Response.Headers.ContentDisposition = default;
            throw new ProblemException(FaasProblems.Of(Refusal.Store(failed.Message)));
        }
    }

    /// <summary><c>POST /api/v1/import</c>: the body is an archive; answers what became of each script.</summary>
    public static async Task<Results<JsonBody<ImportReply>, ProblemReply>> ImportAsync(
        ImportQuery query, ImportScripts import, HttpOptions options, UseCaseOptions useCases, HttpContext context)
    {
        RequestBody.CheckHeaders(context.Request, options.Access);
        CallRecord.Of(context).InputBytes = context.Request.ContentLength ?? 0;
        try
        {
            var request = query.ToRequest(options.CodeMaxBytes) with { MostFiles = useCases.Ceilings.SourceFiles };
            var report = await import.ExecuteAsync(context.Request.BodyReader, request, context.RequestAborted);
            return new JsonBody<ImportReply>(ImportReply.Of(report, query.DryRun), ArchivesJson.Default.ImportReply);
        }
        catch (ArchiveException damaged)
        {
            return new ProblemReply(FaasProblems.Malformed(damaged.Message));
        }
        catch (StoreException failed)
        {
            return new ProblemReply(FaasProblems.Of(Refusal.Store(failed.Message)));
        }
        catch (IOException broken) when (broken is not (BadHttpRequestException or ConnectionResetException))
        {
            throw new BadHttpRequestException("The body's chunks cannot be read.", broken);
        }
    }
}
