using Microsoft.Net.Http.Headers;

namespace Faas.Http.Wire;

/// <summary>Chooses a content coding by a request's <c>Accept-Encoding</c> (RFC 9110, 12.5.3).</summary>
public static class ContentCoding
{
    /// <summary>No coding.</summary>
    public const string Identity = "identity";

    /// <summary>Brotli (RFC 7932).</summary>
    public const string Brotli = "br";

    /// <summary>gzip (RFC 1952).</summary>
    public const string Gzip = "gzip";

    /// <summary>Whether the client takes a coding.</summary>
    public static bool IsTaken(HttpRequest request, string coding) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted)
        && accepted.Any(one => one.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && one.Quality is not 0);

    /// <summary>The first of the codings that the client takes, which stand in the order of what they save; else identity.</summary>
    public static string Best(HttpRequest request, params ReadOnlySpan<string> codings)
    {
        foreach (var coding in codings)
        {
            if (IsTaken(request, coding))
            {
                return coding;
            }
        }

        return Identity;
    }
}
