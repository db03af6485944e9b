using System.Reflection;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Scripts;

/// <summary>The routes of <c>/api/v1/scripts</c> that change a script.</summary>
public static class ChangeEndpoints
{
    /// <summary><c>PATCH /api/v1/scripts/{path}</c>: answers what the script is afterwards.</summary>
    public static async Task<Results<JsonBody<ScriptReply>, ProblemReply>> ChangeAsync(
        ScriptOfUrl script, ChangeRequest request, ChangeScript change, CancellationToken cancellation)
    {
        var (changed, refusal) = await change.ConfigureAsync(script.Path, request.Enabled, request.Keep, cancellation);
        return changed is null
            ? new ProblemReply(FaasProblems.Of(refusal!))
            : new JsonBody<ScriptReply>(ScriptReply.Of(script.Path, changed), ScriptsJson.Default.ScriptReply);
    }

    /// <summary><c>DELETE /api/v1/scripts/{path}</c>.</summary>
    public static async Task<Results<NoContent, ProblemReply>> DeleteAsync(
        ScriptOfUrl script, ChangeScript change, CancellationToken cancellation) =>
        Answer(await change.DeleteAsync(script.Path, cancellation));

    /// <summary><c>DELETE /api/v1/scripts/{path}/versions/{version}</c>.</summary>
    public static async Task<Results<NoContent, ProblemReply>> DeleteVersionAsync(
        VersionOfUrl version, ChangeScript change, CancellationToken cancellation) =>
        version.Version.Number is { } number
            ? Answer(await change.DeleteVersionAsync(version.Path, number, cancellation))
            : throw ProblemException.Malformed("A version is deleted by its number, not by a name that may move.");

    private static Results<NoContent, ProblemReply> Answer(Refusal? refusal) =>
        refusal is null ? TypedResults.NoContent() : new ProblemReply(FaasProblems.Of(refusal));
}

/// <summary>The body of <c>PATCH /api/v1/scripts/{path}</c>.</summary>
/// <param name="Enabled">Whether the script may be run; null: as before.</param>
/// <param name="Keep">Which versions are kept; null: as before.</param>
public sealed record ChangeRequest(bool? Enabled, RetentionChange? Keep) : IEndpointParameterMetadataProvider
{
    private const string EnabledName = "enabled", KeepName = "keep", Newest = "newest", Days = "days";

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestContent(typeof(ScriptChange)));

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static async ValueTask<ChangeRequest> BindAsync(HttpContext context)
    {
        var body = await BodyObject.ReadAsync(context, EnabledName, KeepName);
        return body.Has(EnabledName) || body.Has(KeepName)
            ? new ChangeRequest(body.Flag(EnabledName), KeepOf(body))
            : throw ProblemException.Malformed($"The body must have \"{EnabledName}\" or \"{KeepName}\".");
    }

    private static RetentionChange? KeepOf(BodyObject body) =>
        !body.Has(KeepName) ? null
        : body.IsNull(KeepName) ? new RetentionChange(null)
        : new RetentionChange(RetentionOf(body.Object(KeepName, Newest, Days)));

    private static Retention RetentionOf(BodyObject keep) =>
        new((int?)keep.Number(Newest, 1, Retention.MostNewest), (int?)keep.Number(Days, 1, Retention.MostDays));
}

/// <summary>What is to change of a script.</summary>
/// <remarks>In the shape of the body; the API's description is made from it.</remarks>
/// <param name="Enabled">Whether the script may be run; left out: as before.</param>
/// <param name="Keep">Which versions are kept; null: as the server says; left out: as before.</param>
public sealed record ScriptChange(bool? Enabled, [property: NullIsValue] Retention? Keep);
