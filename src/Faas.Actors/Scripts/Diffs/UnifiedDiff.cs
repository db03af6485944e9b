using System.Text;

namespace Faas.Actors.Scripts.Diffs;

/// <summary>
/// The difference of two texts as <c>diff -u</c> writes it (GNU diffutils manual, "Unified Format"), with three lines of context.
/// <para>
/// Theory of operation. Equal lines at both ends are set aside. Between them <see cref="LineEdits"/> finds a shortest list of edits. Hunks
/// are the edits with their context; edits whose contexts touch share a hunk.
/// </para>
/// </summary>
public static class UnifiedDiff
{
    private const int Context = 3;
    private const string NoLineBreak = "\\ No newline at end of file\n";

    /// <summary>The difference; empty: the texts are equal.</summary>
    /// <param name="from">The text before.</param>
    /// <param name="to">The text after.</param>
    /// <param name="fromName">What the text before is called in the first line.</param>
    /// <param name="toName">What the text after is called in the second line.</param>
    public static string Of(string from, string to, string fromName, string toName)
    {
        var (before, after) = (LinesOf(from), LinesOf(to));
        var edits = LineEdits.Of(before, after);
        if (edits.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder($"--- {fromName}\n+++ {toName}\n");
        for (var first = 0; first < edits.Count;)
        {
            var last = first;
            while (last + 1 < edits.Count && edits[last + 1].From - (edits[last].From + edits[last].Removed) <= 2 * Context)
            {
                last++;
            }

            Write(text, before, after, edits.GetRange(first, last - first + 1));
            first = last + 1;
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, List<string> before, List<string> after, List<LineEdit> hunk)
    {
        var (first, last) = (hunk[0], hunk[^1]);
        var lead = Math.Min(Context, first.From);
        var trail = Math.Min(Context, before.Count - (last.From + last.Removed));
        var removed = last.From + last.Removed + trail - (first.From - lead);
        var added = last.To + last.Added + trail - (first.To - lead);
        text.Append($"@@ -{Range(first.From - lead, removed)} +{Range(first.To - lead, added)} @@\n");
        var at = first.From - lead;
        foreach (var edit in hunk)
        {
            Append(text, ' ', before, at, edit.From);
            Append(text, '-', before, edit.From, edit.From + edit.Removed);
            Append(text, '+', after, edit.To, edit.To + edit.Added);
            at = edit.From + edit.Removed;
        }

        Append(text, ' ', before, at, at + trail);
    }

    // A range of no lines is said to begin at the line before it.
    private static string Range(int start, int count) => count switch
    {
        0 => $"{start},0",
        1 => $"{start + 1}",
        _ => $"{start + 1},{count}",
    };

    private static void Append(StringBuilder text, char mark, List<string> lines, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            text.Append(mark).Append(lines[i]);
            if (!lines[i].EndsWith('\n'))
            {
                text.Append('\n').Append(NoLineBreak);
            }
        }
    }

    // Each line with its line break.
    private static List<string> LinesOf(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }
}
