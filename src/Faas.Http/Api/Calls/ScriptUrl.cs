using System.Globalization;
using System.Text;
using Faas.Actors.Scripts;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// Reads the script's path and version from <c>/run/{path}?version=</c>. It goes by the request's target as it was
/// sent: the web server's own path has dot segments folded away and leaves <c>%2F</c> undecoded, so that two
/// different targets look like one script.
/// </summary>
public static class ScriptUrl
{
    /// <summary>The query name of the version.</summary>
    public const string Version = "version";

    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The path behind the first segment, percent-decoded once; throws <see cref="ProblemException"/>.</summary>
    /// <param name="target">The request target: <c>/run/math/add?version=1</c>, or the same behind a scheme and a host.</param>
    public static string PathOf(string target)
    {
        var end = target.IndexOfAny(['?', '#']);
        var raw = end < 0 ? target : target[..end];
        if (!raw.StartsWith('/'))
        {
            var host = raw.IndexOf("://", StringComparison.Ordinal);
            var start = host < 0 ? -1 : raw.IndexOf('/', host + 3);
            raw = start < 0 ? "" : raw[start..];
        }

        var segments = raw.Split('/').Skip(1).Select(Decode).ToArray();
        var path = string.Join('/', segments.Skip(1));
        return segments.Any(segment => segment is "." or "..") ? throw Wrong("must not contain \".\" or \"..\" segments")
            : ScriptPath.Check(path) is { } wrong ? throw Wrong(wrong)
            : path;
    }

    /// <summary>The version asked for; null: the latest. Throws <see cref="ProblemException"/>.</summary>
    public static long? VersionOf(IQueryCollection query) => query[Version] switch
    {
        [] or [null or ""] => null,
        [{ } text] when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) => version,
        _ => throw ProblemException.Malformed("\"version\" must be one whole number, as /upload answered it."),
    };

    private static string Decode(string segment)
    {
        if (!segment.Contains('%'))
        {
            return segment;
        }

        var bytes = new byte[segment.Length];
        var length = 0;
        for (var i = 0; i < segment.Length; i++, length++)
        {
            if (segment[i] != '%')
            {
                bytes[length] = char.IsAscii(segment[i]) ? (byte)segment[i] : throw Wrong("has characters that must be percent-encoded");
                continue;
            }

            const NumberStyles hex = NumberStyles.AllowHexSpecifier;
            if (i + 2 >= segment.Length
                || !byte.TryParse(segment.AsSpan(i + 1, 2), hex, CultureInfo.InvariantCulture, out bytes[length]))
            {
                throw Wrong("has a % that is not followed by two hexadecimal digits");
            }

            if (bytes[length] == '/')
            {
                throw Wrong("must not contain an encoded slash");
            }

            i += 2;
        }

        try
        {
            return s_strictUtf8.GetString(bytes.AsSpan(0, length));
        }
        catch (DecoderFallbackException)
        {
            throw Wrong("is not UTF-8");
        }
    }

    private static ProblemException Wrong(string how) => ProblemException.Malformed($"The path in the URL {how}.");
}
