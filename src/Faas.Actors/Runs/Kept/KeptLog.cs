using System.Text;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.Runs.Kept;

/// <summary>One printed line.</summary>
/// <param name="Stream">Where it was printed.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record KeptLine(OutputStream Stream, string Text);

/// <summary>Bounds the output that is kept of a run. Pure.</summary>
public static class KeptLog
{
    /// <summary>
    /// The last lines whose texts, each with its line break, together take at most <paramref name="most"/> bytes of UTF-8, and whether
    /// lines before them were left out. A line is never cut, so the result may be empty.
    /// </summary>
    /// <param name="lines">The lines, in order.</param>
    /// <param name="most">The most bytes.</param>
    public static (IReadOnlyList<KeptLine> Lines, bool IsCut) End(IReadOnlyList<OutputLine> lines, int most)
    {
        var kept = new List<KeptLine>();
        for (var at = lines.Count - 1; at >= 0; at--)
        {
            var text = Encoding.UTF8.GetString(lines[at].Bytes.Span);
            most -= Encoding.UTF8.GetByteCount(text) + 1;
            if (most < 0)
            {
                kept.Reverse();
                return (kept, true);
            }

            kept.Add(new KeptLine(lines[at].Stream, text));
        }

        kept.Reverse();
        return (kept, false);
    }
}
