namespace Faas.Actors.Runs.Output;

// Theory of operation. Bytes come in pieces of any size; lines go out as soon as their \n is seen. A line that
// lies whole within one piece is a slice of it, without a copy; only a line that spans pieces is put together
// in a buffer of its own. That buffer holds the longest line and its \r\n, so a line is cut only once it is
// certain to be too long, and where it is cut depends on the line alone, never on how its bytes arrived.

/// <summary>
/// Cuts one output stream into lines: \n or \r\n ends a line, a line longer than <see cref="MaxLine"/> leaves in
/// pieces marked <see cref="OutputLine.Partial"/>, and no piece ends within a UTF-8 character.
/// </summary>
/// <param name="stream">The stream that the lines are marked with.</param>
public sealed class LineFraming(OutputStream stream)
{
    /// <summary>Bytes of the longest event.</summary>
    public const int MaxLine = 64 << 10;

    private byte[] _pending = [];
    private int _count;

    /// <summary>The lines that end within <paramref name="chunk"/>. Enumerate it once and fully; the events keep the chunk's memory.</summary>
    public IEnumerable<OutputLine> Append(ReadOnlyMemory<byte> chunk)
    {
        while (!chunk.IsEmpty)
        {
            var end = chunk.Span.IndexOf((byte)'\n');
            if (end >= 0 && _count == 0 && WithoutReturn(chunk[..end]) is { Length: <= MaxLine } line)
            {
                chunk = chunk[(end + 1)..];
                yield return new OutputLine(stream, line, Partial: false);
                continue;
            }

            chunk = chunk[Keep(chunk, end)..];
            while (IsTooLong())
            {
                yield return Cut();
            }

            if (_count > 0 && _pending[_count - 1] == '\n')
            {
                yield return TakeLine();
            }
        }
    }

    /// <summary>The unfinished last line, when there is one.</summary>
    public IEnumerable<OutputLine> End()
    {
        while (_count > MaxLine)
        {
            yield return Cut();
        }

        if (_count > 0)
        {
            yield return Take(_count, _count, partial: false);
        }
    }

    private int Keep(ReadOnlyMemory<byte> chunk, int lineEnd)
    {
        var wanted = lineEnd >= 0 ? lineEnd + 1 : chunk.Length;
        var taken = Math.Min(wanted, MaxLine + 2 - _count);
        if (_pending.Length < _count + taken)
        {
            Array.Resize(ref _pending, Math.Min(MaxLine + 2, Math.Max(2 * _pending.Length, _count + taken)));
        }

        chunk.Span[..taken].CopyTo(_pending.AsSpan(_count));
        _count += taken;
        return taken;
    }

    // The last \n, and a \r that may still turn out to be half of \r\n, do not count as text.
    private bool IsTooLong()
    {
        var text = _pending.AsSpan(0, _count);
        text = text.EndsWith("\n"u8) ? text[..^1] : text;
        text = text.EndsWith("\r"u8) ? text[..^1] : text;
        return text.Length > MaxLine;
    }

    private OutputLine Cut()
    {
        var at = MaxLine;
        while (at > MaxLine - 3 && IsContinuation(_pending[at]))
        {
            at--;
        }

        at = IsContinuation(_pending[at]) ? MaxLine : at;
        return Take(at, at, partial: true);
    }

    private OutputLine TakeLine() =>
        Take(WithoutReturn(_pending.AsMemory(0, _count - 1)).Length, _count, partial: false);

    private OutputLine Take(int text, int consumed, bool partial)
    {
        var line = new OutputLine(stream, _pending.AsSpan(0, text).ToArray(), partial);
        _pending.AsSpan(consumed, _count - consumed).CopyTo(_pending);
        _count -= consumed;
        return line;
    }

    private static ReadOnlyMemory<byte> WithoutReturn(ReadOnlyMemory<byte> line) =>
        line.Span.EndsWith("\r"u8) ? line[..^1] : line;

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;
}
