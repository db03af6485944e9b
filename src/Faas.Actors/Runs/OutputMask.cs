using System.Buffers;
using System.Text;
using System.Text.Json;
using Faas.Actors.Json;

namespace Faas.Actors.Runs;

/// <summary>
/// Replaces values that must not be seen by <c>***</c>. Best effort: a script that wants to show a value changes it first.
/// <para>
/// Theory of operation. Searched are a value's bytes, the same without white space around them, and what JSON.stringify and json.dumps
/// make of them. A value of less than <see cref="LeastBytes"/> bytes is not searched: it would be found in texts that have nothing to do
/// with it, and each <c>***</c> in such a text would tell what it is. JSON stays JSON: a value is replaced within the texts in it, and a
/// number that contains one as a whole. Immutable; safe from any thread.
/// </para>
/// </summary>
public sealed class OutputMask
{
    /// <summary>The fewest bytes of a value that is replaced.</summary>
    public const int LeastBytes = 8;

    private const string Digits = "0123456789+-.eE";

    private readonly byte[][] _patterns; // the longest first
    private readonly SearchValues<byte> _firsts;

    /// <summary>Replaces these values, each in UTF-8.</summary>
    public OutputMask(IEnumerable<byte[]> values)
    {
        _patterns =
        [
            .. values.SelectMany(value => FormsOf(Encoding.UTF8.GetString(value))).Distinct(StringComparer.Ordinal)
                .Select(Encoding.UTF8.GetBytes).Where(form => form.Length >= LeastBytes).OrderByDescending(form => form.Length),
        ];
        _firsts = SearchValues.Create([.. _patterns.Select(pattern => pattern[0]).Distinct()]);
    }

    /// <summary>What stands in the place of a value.</summary>
    public static ReadOnlySpan<byte> Stars => "***"u8;

    /// <summary>The text with the values replaced.</summary>
    public ReadOnlyMemory<byte> Text(ReadOnlyMemory<byte> text)
    {
        if (!Contains(text.Span))
        {
            return text;
        }

        var masked = new ArrayBufferWriter<byte>(text.Length);
        Take(text.Span, isEnd: true, masked);
        return masked.WrittenMemory;
    }

    /// <summary>
    /// Writes the beginning of a text with the values replaced. Returns how many bytes of the text that is: the rest may begin a value.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="isEnd">Whether no more of it comes; nothing is left over then.</param>
    /// <param name="masked">Where it is written.</param>
    public int Take(ReadOnlySpan<byte> text, bool isEnd, IBufferWriter<byte> masked)
    {
        var at = 0;
        while (Next(text[at..], isEnd, out var length) is var found and >= 0)
        {
            masked.Write(text.Slice(at, found));
            at += found;
            if (length == 0)
            {
                return at;
            }

            masked.Write(Stars);
            at += length;
        }

        masked.Write(text[at..]);
        return text.Length;
    }

    /// <summary>
    /// A JSON text with the values replaced within its texts; a number that has a value in it becomes the text <c>***</c>.
    /// </summary>
    public ReadOnlyMemory<byte> Json(ReadOnlyMemory<byte> json)
    {
        var masked = new ArrayBufferWriter<byte>(Math.Max(1, json.Length));
        var text = json.Span;
        var (at, isChanged) = (0, false);
        while (at < text.Length)
        {
            var token = text[at] == (byte)'"' ? StringAt(text[at..])
                : Digits.Contains((char)text[at], StringComparison.Ordinal) ? NumberAt(text[at..])
                : text.Slice(at, 1);
            at += token.Length;
            var replaced = token.Length <= 1 ? null : token[0] == (byte)'"' ? MaskedString(token) : Contains(token) ? Quoted(Stars) : null;
            isChanged |= replaced is not null;
            masked.Write(replaced ?? token);
        }

        return isChanged ? masked.WrittenMemory : json;
    }

    private bool Contains(ReadOnlySpan<byte> text) => Next(text, isEnd: true, out _) >= 0;

    // Where the next value begins; -1: there is none. A length of 0: the text ends before it is known whether it is one.
    private int Next(ReadOnlySpan<byte> text, bool isEnd, out int length)
    {
        length = 0;
        var at = 0;
        while (text[at..].IndexOfAny(_firsts) is var skipped and >= 0)
        {
            at += skipped;
            var rest = text[at..];
            foreach (var pattern in _patterns)
            {
                if (pattern.Length > rest.Length ? !isEnd && pattern.AsSpan().StartsWith(rest) : rest.StartsWith(pattern))
                {
                    length = pattern.Length > rest.Length ? 0 : pattern.Length;
                    return at;
                }
            }

            at++;
        }

        return -1;
    }

    private byte[]? MaskedString(ReadOnlySpan<byte> token)
    {
        if (token.Length < 2 + LeastBytes || token[^1] != (byte)'"')
        {
            return null;
        }

        var inside = token[1..^1];
        if (!inside.Contains((byte)'\\'))
        {
            return Contains(inside) ? Quoted(Text(inside.ToArray()).Span) : null;
        }

        try
        {
            var text = Encoding.UTF8.GetBytes(JsonSerializer.Deserialize<string>(token)!);
            return Contains(text)
                ? JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(Text(text).Span), RelaxedJson.SerializerOptions)
                : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return Contains(inside) ? Quoted(Stars) : null; // half of a surrogate pair, or no JSON
        }
    }

    private static byte[] Quoted(ReadOnlySpan<byte> text) => [(byte)'"', .. text, (byte)'"'];

    private static ReadOnlySpan<byte> StringAt(ReadOnlySpan<byte> text)
    {
        var at = 1;
        while (text[at..].IndexOfAny((byte)'"', (byte)'\\') is var skipped and >= 0)
        {
            at += skipped + 1;
            if (text[at - 1] == (byte)'"')
            {
                return text[..at];
            }

            at = Math.Min(at + 1, text.Length);
        }

        return text;
    }

    private static ReadOnlySpan<byte> NumberAt(ReadOnlySpan<byte> text)
    {
        var end = 1;
        while (end < text.Length && Digits.Contains((char)text[end], StringComparison.Ordinal))
        {
            end++;
        }

        return text[..end];
    }

    private static IEnumerable<string> FormsOf(string value) =>
        new[] { value, value.Trim() }.SelectMany(text => (string[])[text, Escaped(text, inAscii: false), Escaped(text, inAscii: true)]);

    // As JSON.stringify writes it, and, in ASCII, json.dumps.
    private static string Escaped(string text, bool inAscii)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                '\b' => escaped.Append("\\b"),
                '\f' => escaped.Append("\\f"),
                < ' ' => escaped.Append("\\u").Append(((int)letter).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                > '~' when inAscii =>
                    escaped.Append("\\u").Append(((int)letter).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }
}
