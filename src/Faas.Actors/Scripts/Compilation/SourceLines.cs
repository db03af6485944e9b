using System.Text;

namespace Faas.Actors.Scripts.Compilation;

/// <summary>
/// Translates esbuild's positions (1-based line, 0-based column in bytes of UTF-8) to those of the text. Lines end as
/// ECMA-262 says: LF, CR, CR LF, U+2028, U+2029.
/// </summary>
public sealed class SourceLines
{
    private readonly string _text;
    private readonly List<int> _starts = [0];

    /// <summary>Finds the lines of a text.</summary>
    public SourceLines(string text)
    {
        _text = text;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '\n' or '\u2028' or '\u2029' || (text[at] == '\r' && !(at + 1 < text.Length && text[at + 1] == '\n')))
            {
                _starts.Add(at + 1);
            }
        }
    }

    /// <summary>0-based column in UTF-16 units; positions outside the text are moved to its nearest end.</summary>
    public int ColumnOf(int line, int byteColumn)
    {
        var start = StartOf(line);
        var end = line < _starts.Count ? StartOf(line + 1) : _text.Length;
        var (at, bytes) = (start, 0);
        while (at < end && bytes < byteColumn)
        {
            var width = char.IsSurrogatePair(_text, Math.Min(at, _text.Length - 1)) ? 2 : 1;
            bytes += Encoding.UTF8.GetByteCount(_text.AsSpan(at, width));
            at += width;
        }

        return at - start;
    }

    /// <summary>Index in the text where a line begins.</summary>
    public int StartOf(int line) => _starts[Math.Clamp(line, 1, _starts.Count) - 1];
}
