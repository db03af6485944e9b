using System.Globalization;
using Faas.Actors.Scripts;
using Faas.Http.Wire.Problems;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.Calls;

/// <summary>The entity tags of things that have revisions, and what requests say about them (RFC 9110, section 13.1).</summary>
internal static class EntityTags
{
    /// <summary>The entity tag of a revision.</summary>
    public static string Of(long revision) => $"\"{revision.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>Whether the client has this revision already.</summary>
    public static bool IsKnown(HttpRequest request, long revision) => TagsOf(HeaderNames.IfNoneMatch, request.Headers.IfNoneMatch)
        .Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag == Of(revision));

    /// <summary>What must hold of the thing for the request to be done. Throws <see cref="ProblemException"/>.</summary>
    public static RevisionCondition ConditionOf(HttpRequest request)
    {
        var match = TagsOf(HeaderNames.IfMatch, request.Headers.IfMatch);
        var noneMatch = TagsOf(HeaderNames.IfNoneMatch, request.Headers.IfNoneMatch);
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!isRead && noneMatch.Any(tag => !tag.Equals(EntityTagHeaderValue.Any)))
        {
            throw ProblemException.Malformed(
                $"{HeaderNames.IfNoneMatch} must be * in a request that changes something; {HeaderNames.IfMatch} takes entity tags.");
        }

        var isAny = match.Any(tag => tag.Equals(EntityTagHeaderValue.Any));
        return new RevisionCondition(
            match.Count == 0 || isAny ? null : [.. match.Where(tag => !tag.IsWeak).Select(tag => RevisionOf(tag.Tag))],
            MustExist: isAny,
            MustNotExist: !isRead && noneMatch.Count > 0);
    }

    private static IList<EntityTagHeaderValue> TagsOf(string header, StringValues values) =>
        values.Count == 0 ? []
        : EntityTagHeaderValue.TryParseStrictList(values, out var tags) ? tags
        : throw ProblemException.Malformed(
            $"{header} is {UnknownName.Quoted(values.ToString())}; allowed are * and entity tags, like \"7\" in quotes.");

    // A tag that this server never gave belongs to nothing.
    private static long RevisionOf(StringSegment tag) =>
        long.TryParse(tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : -1;
}
