using System.Globalization;
using System.Reflection;
using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.Scripts;

/// <summary>The alias in <c>/api/v1/scripts/{path}/aliases/{name}</c>, and what the request's headers say must hold of it.</summary>
/// <param name="Path">The script's path.</param>
/// <param name="Name">The alias.</param>
/// <param name="Condition">What must hold.</param>
public sealed record AliasOfUrl(string Path, string Name, AliasCondition Condition) : IEndpointParameterMetadataProvider
{
    /// <summary>The name of the segment.</summary>
    public const string Segment = "name";

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(ScriptParameters.Path);
        builder.Metadata.Add(ScriptParameters.Alias);
        builder.Metadata.Add(ScriptParameters.IfMatch);
        builder.Metadata.Add(ScriptParameters.IfNoneMatch);
    }

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<AliasOfUrl> BindAsync(HttpContext context)
    {
        var (path, name) = (ScriptOfUrl.Of(context).Path, $"{context.Request.RouteValues[Segment]}");
        return AliasName.IsValid(name)
            ? ValueTask.FromResult(new AliasOfUrl(path, name, ConditionOf(context.Request)))
            : throw ProblemException.Malformed($"\"{Segment}\" is {UnknownName.Quoted(name)}; allowed are {AliasName.Allowed}.");
    }

    /// <summary>The entity tag of an alias.</summary>
    public static string TagOf(ScriptAlias alias) => $"\"{alias.Revision.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>Whether the client has this state of the alias already (RFC 9110, section 13.1.2).</summary>
    public static bool IsKnown(HttpRequest request, ScriptAlias alias) => TagsOf(HeaderNames.IfNoneMatch, request.Headers.IfNoneMatch)
        .Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag == TagOf(alias));

    private static AliasCondition ConditionOf(HttpRequest request)
    {
        var match = TagsOf(HeaderNames.IfMatch, request.Headers.IfMatch);
        var noneMatch = TagsOf(HeaderNames.IfNoneMatch, request.Headers.IfNoneMatch);
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!isRead && noneMatch.Any(tag => !tag.Equals(EntityTagHeaderValue.Any)))
        {
            throw ProblemException.Malformed(
                $"{HeaderNames.IfNoneMatch} must be * where an alias is changed; {HeaderNames.IfMatch} takes entity tags.");
        }

        var isAny = match.Any(tag => tag.Equals(EntityTagHeaderValue.Any));
        return new AliasCondition(
            match.Count == 0 || isAny ? null : [.. match.Where(tag => !tag.IsWeak).Select(tag => RevisionOf(tag.Tag))],
            MustExist: isAny,
            MustNotExist: !isRead && noneMatch.Count > 0);
    }

    private static IList<EntityTagHeaderValue> TagsOf(string header, StringValues values) =>
        values.Count == 0 ? []
        : EntityTagHeaderValue.TryParseStrictList(values, out var tags) ? tags
        : throw ProblemException.Malformed(
            $"{header} is {UnknownName.Quoted(values.ToString())}; allowed are * and entity tags, like \"7\" in quotes.");

    // A tag that this server never gave belongs to no alias.
    private static long RevisionOf(StringSegment tag) =>
        long.TryParse(tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : -1;
}
