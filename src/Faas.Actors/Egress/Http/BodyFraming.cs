using System.Globalization;

namespace Faas.Actors.Egress.Http;

/// <summary>Where the body of a request ends (RFC 9112, section 6).</summary>
/// <param name="IsChunked">After the last chunk.</param>
/// <param name="Length">Else after this many bytes.</param>
internal readonly record struct BodyFraming(bool IsChunked, long Length)
{
    /// <summary>Reads it from the fields of a request. Returns what is wrong with them, as the end of a sentence; null: nothing.</summary>
    public static string? Of(IReadOnlyList<KeyValuePair<string, string>> fields, int minor, out BodyFraming body)
    {
        var (codings, lengths) = (fields.ValuesOf("Transfer-Encoding"), fields.ValuesOf("Content-Length"));
        body = default;
        if (codings.Length + lengths.Length > 1)
        {
            return "has more than one Content-Length or Transfer-Encoding header";
        }

        if (codings.Length == 1)
        {
            body = new BodyFraming(true, 0);
            return minor == 0 ? "has a Transfer-Encoding header, which HTTP/1.0 does not know"
                : codings[0].Equals("chunked", StringComparison.OrdinalIgnoreCase) ? null
                : "has a Transfer-Encoding header that is not chunked";
        }

        var length = 0L;
        var isRight = lengths.Length == 0 || long.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out length);
        body = new BodyFraming(false, length);
        return isRight ? null : "has a Content-Length header that is no number";
    }
}
