using System.Globalization;
using Faas.Actors.UseCases;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Scripts;

/// <summary>The routes of <c>/api/v1/scripts</c> that read.</summary>
public static class ReadEndpoints
{
    /// <summary><c>GET /api/v1/scripts</c>: a page of the list.</summary>
    public static async Task<Results<JsonBody<ScriptPageReply>, ProblemReply>> ListAsync(
        ListRequest request, BrowseScripts browse, CancellationToken cancellation)
    {
        var (page, refusal) = await browse.ExecuteAsync(request.ToQuery(), cancellation);
        return page is null ? new ProblemReply(FaasProblems.Of(refusal!)) : new JsonBody<ScriptPageReply>(
            new ScriptPageReply([.. page.Scripts.Select(ScriptLineReply.Of)], request.Page.Cursor(page.Next)),
            ScriptsJson.Default.ScriptPageReply);
    }

    /// <summary><c>GET /api/v1/scripts/{path}</c>: what the script is.</summary>
    public static async Task<Results<JsonBody<ScriptReply>, ProblemReply>> DescribeAsync(
        ScriptOfUrl script, ReadScript read, CancellationToken cancellation)
    {
        var (found, refusal) = await read.DescribeAsync(script.Path, cancellation);
        return found is null
            ? new ProblemReply(FaasProblems.Of(refusal!))
            : new JsonBody<ScriptReply>(ScriptReply.Of(script.Path, found), ScriptsJson.Default.ScriptReply);
    }

    /// <summary><c>GET /api/v1/scripts/{path}/versions</c>: a page of its versions.</summary>
    public static async Task<Results<JsonBody<VersionPageReply>, ProblemReply>> VersionsAsync(
        VersionsRequest request, ReadScript read, CancellationToken cancellation)
    {
        var (found, refusal) = await read.VersionsAsync(request.Path, request.Before, request.Page.Limit, cancellation);
        if (found is null)
        {
            return new ProblemReply(FaasProblems.Of(refusal!));
        }

        var last = found.HasMore ? found.Versions[^1].Number.ToString(CultureInfo.InvariantCulture) : null;
        return new JsonBody<VersionPageReply>(
            new VersionPageReply(request.Path, [.. found.Versions.Select(VersionReply.Of)], request.Page.Cursor(last)),
            ScriptsJson.Default.VersionPageReply);
    }

    /// <summary><c>GET /api/v1/scripts/{path}/versions/{version}</c>: one version.</summary>
    public static async Task<Results<JsonBody<VersionReply>, ProblemReply>> VersionAsync(
        VersionOfUrl version, ReadScript read, HttpContext context)
    {
        var (found, refusal) = await read.VersionAsync(version.Path, version.Version, context.RequestAborted);
        if (found is null)
        {
            return new ProblemReply(FaasProblems.Of(refusal!));
        }

        Name(context, found.Number);
        return new JsonBody<VersionReply>(VersionReply.Of(found), ScriptsJson.Default.VersionReply);
    }

    /// <summary><c>GET /api/v1/scripts/{path}/versions/{version}/sources</c>: its source files, as they were uploaded.</summary>
    public static async Task<Results<JsonBody<SourcesReply>, ProblemReply>> SourcesAsync(
        VersionOfUrl version, ReadScript read, HttpContext context)
    {
        var (found, refusal) = await read.CodeAsync(version.Path, version.Version, context.RequestAborted);
        if (found is null)
        {
            return new ProblemReply(FaasProblems.Of(refusal!));
        }

        Name(context, found.Version.Number);
        return new JsonBody<SourcesReply>(SourcesReply.Of(found), ScriptsJson.Default.SourcesReply);
    }

    /// <summary>
    /// <c>GET /api/v1/scripts/{path}/versions/{version}/code</c>: its code, as it was uploaded; of several files, that of the entry.
    /// </summary>
    public static async Task<Results<TextBody, ProblemReply>> CodeAsync(VersionOfUrl version, ReadScript read, HttpContext context)
    {
        var (found, refusal) = await read.CodeAsync(version.Path, version.Version, context.RequestAborted);
        if (found is null)
        {
            return new ProblemReply(FaasProblems.Of(refusal!));
        }

        Name(context, found.Version.Number);
        return new TextBody(found.Code.Source);
    }

    /// <summary><c>GET /api/v1/scripts/{path}/diff</c>: how the code of one version differs from that of another.</summary>
    public static async Task<Results<TextBody, ProblemReply>> DiffAsync(
        DiffRequest request, ReadScript read, CancellationToken cancellation)
    {
        var (diff, refusal) = await read.DiffAsync(request.Path, request.From, request.To, cancellation);
        return diff is null ? new ProblemReply(FaasProblems.Of(refusal!)) : new TextBody(diff);
    }

    private static void Name(HttpContext context, long version)
    {
        context.Response.SetVersion(version);
        CallRecord.Of(context).Version = version;
    }
}
