using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Faas.Http.Wire;

/// <summary>
/// Writes bytes into JSON: as a string, or as the value that they are. The line separators of Unicode (U+0085, U+2028, U+2029) are
/// escaped, because some clients of event streams end a line at them.
/// </summary>
public static class JsonText
{
    private static readonly SearchValues<byte> s_escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\', 0x7f]);
    private static readonly SearchValues<byte> s_leads = SearchValues.Create([0xC2, 0xE2]); // first bytes of the separators
    private static readonly SearchValues<byte> s_lineBreaks = SearchValues.Create("\r\n"u8);

    /// <summary>Writes text as a JSON string. What is not UTF-8 becomes U+FFFD; line breaks are escaped.</summary>
    public static void WriteString(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
        }

        output.Write("\""u8);
        while (text.IndexOfAny(s_escaped) is >= 0 and var at)
        {
            WriteWithoutSeparators(output, text[..at]);
            WriteEscape(output, text[at]);
            text = text[(at + 1)..];
        }

        WriteWithoutSeparators(output, text);
        output.Write("\""u8);
    }

    /// <summary>
    /// Writes a JSON value on one line. In valid JSON a raw line break can only stand between tokens, so a space says the same.
    /// </summary>
    public static void WriteOnOneLine(IBufferWriter<byte> output, ReadOnlySpan<byte> json)
    {
        while (json.IndexOfAny(s_lineBreaks) is >= 0 and var at)
        {
            WriteWithoutSeparators(output, json[..at]);
            output.Write(" "u8);
            json = json[(at + 1)..];
        }

        WriteWithoutSeparators(output, json);
    }

    // Valid JSON has these characters only in strings.
    private static void WriteWithoutSeparators(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (IndexOfSeparator(text) is >= 0 and var at)
        {
            output.Write(text[..at]);
            var isNextLine = text[at] == 0xC2;
            output.Write(isNextLine ? "\\u0085"u8 : text[at + 2] == 0xA8 ? "\\u2028"u8 : "\\u2029"u8);
            text = text[(at + (isNextLine ? 2 : 3))..];
        }

        output.Write(text);
    }

    private static int IndexOfSeparator(ReadOnlySpan<byte> text)
    {
        var from = 0;
        while (text[from..].IndexOfAny(s_leads) is >= 0 and var next)
        {
            from += next;
            var rest = text[from..];
            if (rest is [0xC2, 0x85, ..] or [0xE2, 0x80, 0xA8 or 0xA9, ..])
            {
                return from;
            }

            from++;
        }

        return -1;
    }

    private static void WriteEscape(IBufferWriter<byte> output, byte value)
    {
        switch (value)
        {
            case (byte)'"':
                output.Write("\\\""u8);
                break;
            case (byte)'\\':
                output.Write("\\\\"u8);
                break;
            case (byte)'\n':
                output.Write("\\n"u8);
                break;
            case (byte)'\r':
                output.Write("\\r"u8);
                break;
            case (byte)'\t':
                output.Write("\\t"u8);
                break;
            default:
                ReadOnlySpan<byte> hex = "0123456789abcdef"u8;
                output.Write("\\u00"u8);
                output.Write([hex[value >> 4], hex[value & 15]]);
                break;
        }
    }
}
