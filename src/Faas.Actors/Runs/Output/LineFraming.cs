namespace Faas.Actors.Runs.Output;

// Theory of operation. Bytes come in chunks of any size; a line goes out as soon as its \n has come. A line within one chunk is a slice
// of the chunk, without a copy. A line that spans chunks is joined in a buffer. The buffer has room for the longest line and its \r\n,
// so a line is cut only when it is certainly too long, and the place of the cut depends on the line alone, not on the chunks.

/// <summary>
/// Cuts one output stream into lines. A line ends at \n or \r\n. A line longer than <see cref="MaxLine"/> becomes several events, all but
/// the last of them marked as <see cref="OutputLine.Partial"/>. In valid UTF-8, no event ends within a character.
/// </summary>
/// <param name="stream">The stream that the lines come from.</param>
public sealed class LineFraming(OutputStream stream)
{
    /// <summary>The most bytes of one event.</summary>
    public const int MaxLine = 64 << 10;

    private byte[] _pending = [];
    private int _count;

    /// <summary>
    /// The lines that end within <paramref name="chunk"/>. The caller must enumerate them once and to the end. The events hold slices of
    /// the chunk.
    /// </summary>
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

    /// <summary>The rest of the stream after its last line break.</summary>
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

    // A \n at the end is no text, and neither is a \r at the end, which may be the first half of \r\n.
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
