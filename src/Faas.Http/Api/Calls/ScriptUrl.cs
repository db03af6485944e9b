using System.Globalization;
using System.Text;
using Faas.Actors.Scripts;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// Reads the script's path and version from <c>/run/{path}?version=</c> and <c>/api/v1/scripts/{path}</c>. It goes by the request's
/// target as it was sent: the web server's own path has dot segments folded away and leaves <c>%2F</c> undecoded, so that two
/// different targets look like one script. A slash of the path may be written as <c>%2F</c>, as the clients that are generated from
/// an API's description write it. In <c>/run</c> it may also be written as itself.
/// </summary>
public static class ScriptUrl
{
    /// <summary>The query name of the version.</summary>
    public const string Version = "version";

    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    // Segments in front of the path in /api/v1/scripts/{path}.
    private const int ManagementSegments = 3;

    /// <summary>The path behind the first segment, percent-decoded once; throws <see cref="ProblemException"/>.</summary>
    /// <param name="target">The request target: <c>/run/math/add?version=1</c>, or the same behind a scheme and a host.</param>
    public static string PathOf(string target) => Checked(string.Join('/', SegmentsOf(target).Skip(1)));

    /// <summary>The path in the fourth segment, percent-decoded once; throws <see cref="ProblemException"/>.</summary>
    /// <param name="target">The request target: <c>/api/v1/scripts/math%2Fadd/versions</c>, or the same behind a scheme and a host.</param>
    public static string PathInManagement(string target) => Checked(SegmentsOf(target).ElementAtOrDefault(ManagementSegments) ?? "");

    private static string[] SegmentsOf(string target)
    {
        string[] segments = [.. RequestTarget.PathOf(target).Split('/').Skip(1).Select(Decode)];
        return segments.Any(segment => segment is "." or "..") ? throw Wrong("must not contain \".\" or \"..\" segments") : segments;
    }

    private static string Checked(string path) => ScriptPath.Check(path) is { } wrong ? throw Wrong(wrong) : path;

    /// <summary>The version asked for, or the latest. Throws <see cref="ProblemException"/>.</summary>
    public static VersionRef VersionOf(IQueryCollection query) => query[Version] switch
    {
        [] or [null or ""] => VersionRef.Latest,
        [{ } text] => VersionOf(Version, text),
        _ => throw ProblemException.Malformed($"\"{Version}\" is given more than once."),
    };

    /// <summary>The version that a text names; throws <see cref="ProblemException"/>, which calls the text by this name.</summary>
    public static VersionRef VersionOf(string name, string text) => VersionRef.TryParse(text, out var version)
        ? version
        : throw ProblemException.Malformed($"\"{name}\" is {UnknownName.Quoted(text)}; allowed is {VersionRef.Allowed}.");

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
