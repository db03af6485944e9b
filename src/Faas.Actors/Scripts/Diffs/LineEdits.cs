namespace Faas.Actors.Scripts.Diffs;

/// <summary>One edit: at a line of the text before, and of the text after, lines are removed and others are added.</summary>
/// <param name="From">The line before, counted from 0.</param>
/// <param name="Removed">How many lines are removed.</param>
/// <param name="To">The line after, counted from 0.</param>
/// <param name="Added">How many lines are added.</param>
internal readonly record struct LineEdit(int From, int Removed, int To, int Added);

/// <summary>
/// Finds the edits between two texts.
/// <para>
/// Theory of operation. E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986): for a growing number of edits, how far each
/// diagonal can be followed. That takes as many steps as lines times edits; so texts that differ in more than <see cref="MostEdits"/> lines
/// count as wholly different between their equal ends, which bounds the work that a caller can cause.
/// </para>
/// </summary>
internal static class LineEdits
{
    /// <summary>The most lines, removed and added together, that are looked for.</summary>
    public const int MostEdits = 1000;

    /// <summary>The edits in their order, no two of which touch.</summary>
    public static List<LineEdit> Of(List<string> before, List<string> after)
    {
        var start = 0;
        while (start < before.Count && start < after.Count && before[start] == after[start])
        {
            start++;
        }

        var end = 0;
        while (end < before.Count - start && end < after.Count - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        var (removed, added) = (before.Count - start - end, after.Count - start - end);
        return removed + added == 0 ? []
            : Between(before.GetRange(start, removed), after.GetRange(start, added)) is { } edits
                ? [.. edits.Select(edit => edit with { From = edit.From + start, To = edit.To + start })]
            : [new LineEdit(start, removed, start, added)];
    }

    // Null: there are too many.
    private static List<LineEdit>? Between(List<string> before, List<string> after)
    {
        var most = Math.Min(MostEdits, before.Count + after.Count);
        var furthest = new int[(2 * most) + 3];
        var (middle, trace) = (most + 1, new List<int[]>());
        for (var edits = 0; edits <= most; edits++)
        {
            trace.Add(furthest[(middle - edits)..(middle + edits + 1)]);
            for (var diagonal = -edits; diagonal <= edits; diagonal += 2)
            {
                var x = IsDown(furthest, middle, diagonal, edits)
                    ? furthest[middle + diagonal + 1]
                    : furthest[middle + diagonal - 1] + 1;
                var y = x - diagonal;
                while (x < before.Count && y < after.Count && before[x] == after[y])
                {
                    (x, y) = (x + 1, y + 1);
                }

                furthest[middle + diagonal] = x;
                if (x >= before.Count && y >= after.Count)
                {
                    return Back(trace, before.Count, after.Count);
                }
            }
        }

        return null;
    }

    private static bool IsDown(int[] furthest, int middle, int diagonal, int edits) => diagonal == -edits
        || (diagonal != edits && furthest[middle + diagonal - 1] < furthest[middle + diagonal + 1]);

    // Goes back along the diagonals that led to the end; trace[n] has what was reached with fewer than n edits.
    private static List<LineEdit> Back(List<int[]> trace, int x, int y)
    {
        var edits = new List<LineEdit>();
        for (var count = trace.Count - 1; count > 0; count--)
        {
            var (reached, diagonal) = (trace[count], x - y);
            var isDown = IsDown(reached, count, diagonal, count);
            var from = isDown ? diagonal + 1 : diagonal - 1;
            var fromX = reached[count + from];
            var fromY = fromX - from;
            Join(edits, isDown ? new LineEdit(fromX, 0, fromY, 1) : new LineEdit(fromX, 1, fromY, 0));
            (x, y) = (fromX, fromY);
        }

        edits.Reverse();
        return edits;
    }

    // The list is built from its end.
    private static void Join(List<LineEdit> edits, LineEdit edit)
    {
        if (edits is [.., var next] && edit.From + edit.Removed == next.From && edit.To + edit.Added == next.To)
        {
            edits[^1] = new LineEdit(edit.From, edit.Removed + next.Removed, edit.To, edit.Added + next.Added);
            return;
        }

        edits.Add(edit);
    }
}
