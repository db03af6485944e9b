using System.Buffers;
using System.Text;

namespace Faas.Http.Configuration.Hocon;

/// <summary>Reads what stands behind a key: a text, a list of texts, or a variable.</summary>
internal static class HoconValueReader
{
    private const string Quote = "\"";
    private static readonly SearchValues<char> s_nameOfVariable =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private const string LongQuote = "\"\"\"";

    /// <summary>Reads it; the cursor is at its first character.</summary>
    public static HoconEntry Read(HoconCursor text, string path, int line) => text.Now switch
    {
        '[' => new HoconEntry(path, HoconKind.List, ReadList(text, path), line),
        '$' => new HoconEntry(path, HoconKind.Variable, [ReadVariable(text)], line),
        _ => new HoconEntry(path, HoconKind.Text, [ReadText(text, path)], line),
    };

    /// <summary>Reads a quoted text of one line, with the escapes of JSON.</summary>
    public static string ReadQuoted(HoconCursor text)
    {
        var line = text.Line;
        text.Take();
        var read = new StringBuilder();
        while (text.Now != '"')
        {
            if (text.IsAtEnd || text.Now == '\n')
            {
                throw text.Wrong("this quoted text is not closed on its line", line);
            }

            read.Append(text.Now == '\\' ? ReadEscape(text) : text.Take());
        }

        text.Take();
        return read.ToString();
    }

    private static char ReadEscape(HoconCursor text)
    {
        text.Take();
        var escaped = text.Take();
        if (escaped == 'u')
        {
            var begin = text.Index;
            text.Take(4);
            return ushort.TryParse(text.Since(begin), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit)
                ? (char)unit
                : throw text.Wrong("\\u needs four hexadecimal digits");
        }

        return escaped switch
        {
            '"' or '\\' or '/' => escaped,
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\b',
            'f' => '\f',
            _ => throw text.Wrong($"\\{escaped} is no escape in a quoted text"),
        };
    }

    private static string ReadText(HoconCursor text, string path) =>
        text.Looks(LongQuote) ? ReadLong(text)
        : text.Looks(Quote) ? ReadQuoted(text)
        : ReadPlain(text, path);

    private static string ReadLong(HoconCursor text)
    {
        var line = text.Line;
        text.Take(LongQuote.Length);
        var begin = text.Index;
        while (!text.Looks(LongQuote))
        {
            if (text.IsAtEnd)
            {
                throw text.Wrong("this text in three quotes is not closed", line);
            }

            text.Take();
        }

        var read = text.Since(begin);
        text.Take(LongQuote.Length);
        return read;
    }

    // A character that means something else in HOCON is an error, so that no text ends earlier than its writer believes.
    private static string ReadPlain(HoconCursor text, string path)
    {
        var begin = text.Index;
        while (!text.IsAtEnd && text.Now is not ('\n' or ',' or '}' or ']' or '#'))
        {
            if (text.Now is '"' or '{' or '[' or '$' or '=' || text.Looks("//"))
            {
                throw text.Wrong($"'{text.Now}' stands in the value of \"{path}\": put the value in quotes");
            }

            text.Take();
        }

        var read = text.Since(begin).Trim();
        return read.Length > 0 ? read : throw text.Wrong($"\"{path}\" has no value: an empty text is written \"\"");
    }

    private static string ReadVariable(HoconCursor text)
    {
        var begin = text.Index;
        while (!text.IsAtEnd && text.Now is not ('}' or '\n'))
        {
            text.Take();
        }

        var read = text.Since(begin);
        var closes = text.Take() == '}';
        return closes && read.StartsWith("${?", StringComparison.Ordinal) && read.Length > 3
            && read.AsSpan(3).IndexOfAnyExcept(s_nameOfVariable) < 0
            ? read[3..]
            : throw text.Wrong("the only substitution is ${?NAME}, where NAME is an environment variable");
    }

    private static List<string> ReadList(HoconCursor text, string path)
    {
        var line = text.Line;
        text.Take();
        var texts = new List<string>();
        while (true)
        {
            text.SkipBlank();
            if (text.IsAtEnd)
            {
                throw text.Wrong("this '[' is not closed", line);
            }

            if (text.Now == ']')
            {
                text.Take();
                return texts;
            }

            texts.Add(ReadText(text, path));
            text.SkipSpaces();
            if (text.Now == ',')
            {
                text.Take();
            }
            else if (text.Now is not ('\n' or ']') && !text.IsAtEnd && !text.IsAtComment)
            {
                throw text.Wrong($"'{text.Now}' follows a text in the list \"{path}\": put a comma between two texts");
            }
        }
    }
}
