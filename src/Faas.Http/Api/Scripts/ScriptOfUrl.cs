using System.Reflection;
using Faas.Actors.Scripts;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Scripts;

/// <summary>The script in <c>/api/v1/scripts/{path}</c>, which the caller's key is for.</summary>
/// <param name="Path">The script's path.</param>
public sealed record ScriptOfUrl(string Path) : IEndpointParameterMetadataProvider
{
    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(ScriptParameters.Path);

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<ScriptOfUrl> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    /// <summary>Reads it; throws <see cref="ProblemException"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="query">The query names that the route knows; others are told in a header.</param>
    public static ScriptOfUrl Of(HttpContext context, params string[] query)
    {
        var path = ScriptUrl.PathInManagement(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        CallRecord.Of(context).Path = path;
        context.CheckKeyIsFor(path);
        context.Response.SetWarnings(UnknownName.InQuery(context.Request.Query, query));
        return new ScriptOfUrl(path);
    }
}

/// <summary>The version in <c>/api/v1/scripts/{path}/versions/{version}</c>.</summary>
/// <param name="Path">The script's path.</param>
/// <param name="Version">The version.</param>
public sealed record VersionOfUrl(string Path, VersionRef Version) : IEndpointParameterMetadataProvider
{
    /// <summary>The name of the segment.</summary>
    public const string Segment = "version";

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(ScriptParameters.Path);
        builder.Metadata.Add(ScriptParameters.Version);
    }

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<VersionOfUrl> BindAsync(HttpContext context) => ValueTask.FromResult(new VersionOfUrl(
        ScriptOfUrl.Of(context).Path, ScriptUrl.VersionOf(Segment, $"{context.Request.RouteValues[Segment]}")));
}
