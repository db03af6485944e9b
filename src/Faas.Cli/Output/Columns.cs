using System.Globalization;
using System.Text;

namespace Faas.Cli.Output;

/// <summary>Lays a table out in columns, with two spaces between them. A column of numbers is aligned to the right.</summary>
internal static class Columns
{
    private const string Gap = "  ";

    /// <summary>The lines: the names of the columns, then each row. No line ends with spaces.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var plain = rows.Select(row => row.Select(OnOneLine).ToArray()).ToArray();
        var widths = names.Select((name, i) => plain.Select(row => WidthOf(row[i])).Append(WidthOf(name)).Max()).ToArray();
        var right = names.Select((_, i) => plain.Length > 0 && plain.All(row => IsNumber(row[i]))).ToArray();
        return plain.Prepend([.. names])
            .Select(row => string.Join(Gap, row.Select((cell, i) => Padded(cell, widths[i], right[i]))).TrimEnd());
    }

    private static string Padded(string cell, int width, bool right)
    {
        var space = new string(' ', width - WidthOf(cell));
        return right ? space + cell : cell + space;
    }

    /// <summary>A text without what would steer the terminal, which a server or a script may say.</summary>
    public static string OnOneLine(string cell) => cell.Any(char.IsControl)
        ? string.Concat(cell.Select(character => char.IsControl(character) ? ' ' : character))
        : cell;

    /// <summary>A line of at most this width; what is cut off is an ellipsis.</summary>
    public static string Cut(string line, int width)
    {
        if (WidthOf(line) <= width)
        {
            return line;
        }

        var cut = new StringBuilder();
        var room = width - 1;
        foreach (var rune in line.EnumerateRunes().TakeWhile(rune => (room -= WidthOf(rune)) >= 0))
        {
            cut.Append(rune);
        }

        return cut.Append('…').ToString();
    }

    private static int WidthOf(string text) => text.EnumerateRunes().Sum(WidthOf);

    private static int WidthOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    // The blocks whose characters take two cells (UAX 11, "wide"), as far as they are common.
    private static bool IsWide(int code) => code is (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0xa4cf) or (>= 0xac00 and <= 0xd7a3)
        or (>= 0xf900 and <= 0xfaff) or (>= 0xfe30 and <= 0xfe6f) or (>= 0xff00 and <= 0xff60) or (>= 0x1f300 and <= 0x1faff)
        or (>= 0x20000 and <= 0x3fffd);

    private static bool IsNumber(string cell) =>
        cell.Length > 0 && cell.All(character => char.IsAsciiDigit(character) || character is '.' or '-');
}
