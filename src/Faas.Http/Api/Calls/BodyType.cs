using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.Calls;

/// <summary>What a Content-Type header says about a body.</summary>
/// <param name="IsJson">It names <c>application/json</c> or a type with the suffix <c>+json</c> (RFC 6839).</param>
/// <param name="ForeignCharset">The charset, when it is not UTF-8; names of charsets have no letter case (RFC 2978, section 2.3).</param>
public readonly record struct BodyType(bool IsJson, string? ForeignCharset)
{
    private static readonly string[] s_utf8 = ["utf-8", "utf8"];

    /// <summary>Reads the header; null or nonsense: nothing is known.</summary>
    public static BodyType Of(string? header)
    {
        if (!MediaTypeHeaderValue.TryParse(header, out var media))
        {
            return default;
        }

        var isJson = media.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
            && (media.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)
                || media.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
        var charset = HeaderUtilities.RemoveQuotes(media.Charset).ToString();
        return new BodyType(isJson, charset.Length == 0 || s_utf8.Contains(charset, StringComparer.OrdinalIgnoreCase) ? null : charset);
    }
}
