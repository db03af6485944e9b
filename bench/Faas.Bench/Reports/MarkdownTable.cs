using System.Text;

namespace Faas.Bench.Reports;

/// <summary>A table of GitHub's Markdown, its columns padded so that it reads as text, too.</summary>
/// <param name="headings">One for each column.</param>
internal sealed class MarkdownTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public static MarkdownTable Of<T>(IEnumerable<T> items, params (string Heading, Func<T, string> Cell)[] columns)
    {
        var table = new MarkdownTable([.. columns.Select(column => column.Heading)]);
        foreach (var item in items)
        {
            table.Add([.. columns.Select(column => column.Cell(item))]);
        }

        return table;
    }

    /// <summary>Adds a row with as many cells as there are headings.</summary>
    public MarkdownTable Add(params string[] cells)
    {
        if (cells.Length != headings.Length)
        {
            throw new ArgumentException($"A row of {cells.Length} cells in a table of {headings.Length} columns.", nameof(cells));
        }

        _rows.Add([.. cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" "))]);
        return this;
    }

    public override string ToString()
    {
        var widths = headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Max()).ToArray();
        var text = new StringBuilder();
        Line(text, headings, widths);
        Line(text, [.. widths.Select(width => new string('-', Math.Max(3, width)))], widths);
        _rows.ForEach(row => Line(text, row, widths));
        return text.ToString();
    }

    private static void Line(StringBuilder text, string[] cells, int[] widths) =>
        text.Append("| ").AppendJoin(" | ", cells.Zip(widths, (cell, width) => cell.PadRight(width))).Append(" |\n");
}
