using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.Runs;

/// <summary>Whether a caller wants returned bytes as they are, by the request's <c>Accept</c> (RFC 9110, 12.5.1).</summary>
public static class WantedBody
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    /// <summary>True: not as JSON. The caller does not accept JSON, or prefers the bytes' own media type.</summary>
    public static bool IsRaw(HttpRequest request, string mediaType)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) || accepted.Count == 0)
        {
            return false;
        }

        var json = Quality(accepted, s_json);
        return json == 0 || (MediaTypeHeaderValue.TryParse(mediaType, out var own) && Quality(accepted, own) > json);
    }

    /// <summary>True: as a form. The caller names that media type, and does not prefer JSON.</summary>
    public static bool IsForm(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains(MultipartReply.MediaType, StringComparison.OrdinalIgnoreCase)
        && MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Where(range => range.MediaType.Equals(MultipartReply.MediaType, StringComparison.OrdinalIgnoreCase))
            .Any(range => (range.Quality ?? 1) is > 0 and var quality && quality >= Quality(accepted, s_json));

    // The most specific range that holds the media type decides.
    private static double Quality(IList<MediaTypeHeaderValue> accepted, MediaTypeHeaderValue type)
    {
        var best = accepted
            .Where(range => range.MatchesMediaType(type.MediaType))
            .MaxBy(range => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2);
        return best is null ? 0 : best.Quality ?? 1;
    }
}
