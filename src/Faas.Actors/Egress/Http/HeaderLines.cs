using System.Text;

namespace Faas.Actors.Egress.Http;

/// <summary>
/// Cuts the head of a message into lines and fields, and accepts one spelling alone.
/// </summary>
/// <remarks>
/// Theory of operation. Requests are smuggled where two parsers read the same bytes in two ways. So this one takes what RFC 9112 requires
/// and none of the leniencies that it permits: lines end with CR LF, no line is folded, a name is a token with its colon directly behind
/// it, and a value has no control character but the tab. What is passed on is written anew from the fields.
/// </remarks>
internal static class HeaderLines
{
    /// <summary>The most fields of one head.</summary>
    public const int Most = 100;

    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    /// <summary>The end of a head: an empty line.</summary>
    public static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    /// <summary>Cuts a head, which ends with an empty line.</summary>
    /// <param name="head">The head.</param>
    /// <param name="start">Its first line.</param>
    /// <param name="fields">Its fields, in their order.</param>
    /// <returns>What is wrong with it, as the end of a sentence; null: nothing.</returns>
    public static string? Cut(ReadOnlySpan<byte> head, out string start, out List<KeyValuePair<string, string>> fields)
    {
        var lines = Encoding.Latin1.GetString(head[..^End.Length]).Split("\r\n");
        (start, fields) = (lines[0], []);
        if (lines.Length - 1 > Most)
        {
            return $"has {lines.Length - 1} header fields; at most {Most} are allowed";
        }

        if (!IsText(start))
        {
            return "has a control character in its first line";
        }

        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !IsToken(line.AsSpan(0, colon)) || !IsText(line))
            {
                return "has a header field that is not a name, a colon and a value";
            }

            fields.Add(new KeyValuePair<string, string>(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        return null;
    }

    /// <summary>Whether a text is a token (RFC 9110, section 5.6.2).</summary>
    public static bool IsToken(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !TokenMarks.Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return text.Length > 0;
    }

    /// <summary>The values of a field, of all lines that have its name.</summary>
    public static string[] ValuesOf(this IEnumerable<KeyValuePair<string, string>> fields, string name) =>
        [.. fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)];

    /// <summary>The members of a field that is a list with commas, of all lines that have its name.</summary>
    public static string[] ListOf(this IEnumerable<KeyValuePair<string, string>> fields, string name) =>
    [
        .. fields.ValuesOf(name)
            .SelectMany(value => value.Split(','))
            .Select(member => member.Trim(' ', '\t'))
            .Where(member => member.Length > 0),
    ];

    /// <summary>Whether a text has no control character but the tab.</summary>
    public static bool IsText(string line) => line.All(c => c is '\t' or (>= ' ' and not '\x7f'));
}
