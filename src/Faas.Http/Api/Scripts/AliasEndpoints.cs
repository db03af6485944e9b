using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Scripts;

/// <summary>The routes of <c>/api/v1/scripts/{path}/aliases</c>.</summary>
public static class AliasEndpoints
{
    /// <summary><c>GET …/aliases</c>.</summary>
    public static async Task<Results<JsonBody<AliasListReply>, ProblemReply>> ListAsync(
        ScriptOfUrl script, ReadScript read, CancellationToken cancellation)
    {
        var (found, refusal) = await read.DescribeAsync(script.Path, cancellation);
        return found is null
            ? new ProblemReply(FaasProblems.Of(refusal!))
            : new JsonBody<AliasListReply>(AliasListReply.Of(found.Aliases), ScriptsJson.Default.AliasListReply);
    }

    /// <summary><c>GET …/aliases/{name}</c>.</summary>
    public static async Task<Results<JsonBody<AliasReply>, StatusCodeHttpResult, ProblemReply>> FindAsync(
        AliasOfUrl alias, ChangeAlias aliases, HttpContext context)
    {
        var (found, refusal) = await aliases.FindAsync(alias.Path, alias.Name, context.RequestAborted);
        if (found is null)
        {
            return new ProblemReply(FaasProblems.Of(refusal!));
        }

        context.Response.Headers.ETag = EntityTags.Of(found.Alias.Revision);
        return EntityTags.IsKnown(context.Request, found.Alias.Revision)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : BodyOf(found, StatusCodes.Status200OK);
    }

    /// <summary><c>PUT …/aliases/{name}</c>: 201 where it makes the alias.</summary>
    public static async Task<Results<JsonBody<AliasReply>, ProblemReply>> MoveAsync(
        AliasOfUrl alias, AliasRequest request, ChangeAlias aliases, HttpContext context)
    {
        var (path, name, condition) = alias;
        return Answer(context, await aliases.MoveAsync(path, name, request.Target, condition, context.RequestAborted));
    }

    /// <summary><c>POST …/aliases/{name}/rollback</c>.</summary>
    public static async Task<Results<JsonBody<AliasReply>, ProblemReply>> RollBackAsync(
        AliasOfUrl alias, ChangeAlias aliases, AccessOptions access, HttpContext context)
    {
        // A request without a body needs no permission of a browser, unlike the other changes.
        return ForeignPage.Sent(context.Request, access)
            ? new ProblemReply(FaasProblems.ForeignPage)
            : Answer(context, await aliases.RollBackAsync(alias.Path, alias.Name, alias.Condition, context.RequestAborted));
    }

    /// <summary><c>DELETE …/aliases/{name}</c>.</summary>
    public static async Task<Results<NoContent, ProblemReply>> DeleteAsync(
        AliasOfUrl alias, ChangeAlias aliases, CancellationToken cancellation) =>
        await aliases.DeleteAsync(alias.Path, alias.Name, alias.Condition, cancellation) is { } refusal
            ? new ProblemReply(FaasProblems.Of(refusal))
            : TypedResults.NoContent();

    private static Results<JsonBody<AliasReply>, ProblemReply> Answer(HttpContext context, OrRefusal<AliasFound> result)
    {
        if (result.Value is not { } found)
        {
            return new ProblemReply(FaasProblems.Of(result.Refusal!));
        }

        context.Response.Headers.ETag = EntityTags.Of(found.Alias.Revision);
        return BodyOf(found, found.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static JsonBody<AliasReply> BodyOf(AliasFound found, int status) =>
        new(AliasReply.Of(found.Name, found.Alias), ScriptsJson.Default.AliasReply, status);
}
