using System.Runtime.InteropServices;

namespace Faas.Actors.Runs.Output;

// Theory of operation. The bytes of both streams stand in one bounded tail, in the order in which they were read. Beside it, marks say
// which stretch of them belongs to which stream. Bytes that follow others of their stream make that stretch longer, so a run that prints
// to one stream has one mark. Lines are cut only when a reader asks for them.

/// <summary>
/// The end of what a run has printed, its two streams told apart. One thread appends while others may read. Memory: the bytes, up to the
/// limit, and up to <see cref="MostMarks"/> marks of 16 bytes.
/// </summary>
/// <param name="limit">The most bytes that are kept; at least 1.</param>
public sealed class RunLog(int limit)
{
    /// <summary>
    /// The most changes from one stream to the other that are remembered; what was printed before the oldest is not shown.
    /// </summary>
    public const int MostMarks = 2048;

    private readonly List<Mark> _marks = [];
    private ByteTail _tail = new(limit);
    private long _begin; // of the bytes before it the stream is not known any more

    /// <summary>The bytes of both streams together, as printed. Only for the thread that appends.</summary>
    public ByteTail Bytes => _tail;

    /// <summary>
    /// Is given everything that is appended, as it comes, by the thread that appends; null: nothing is. Set before the first append.
    /// </summary>
    public Action<OutputStream, ReadOnlyMemory<byte>>? Follower { get; set; }

    /// <summary>How many bytes of output are kept.</summary>
    public int Length
    {
        get
        {
            lock (_marks)
            {
                return _tail.Length;
            }
        }
    }

    /// <summary>How many bytes of memory the output takes: <see cref="Length"/>, and what is set aside for more.</summary>
    public int HeldBytes
    {
        get
        {
            lock (_marks)
            {
                return _tail.Capacity;
            }
        }
    }

    /// <summary>Adds what was printed.</summary>
    public void Append(OutputStream stream, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Follower?.Invoke(stream, bytes.ToArray());
        lock (_marks)
        {
            _tail.Append(bytes);
            if (_marks.Count > 0 && _marks[^1].Stream == stream)
            {
                CollectionsMarshal.AsSpan(_marks)[^1].End = _tail.Total;
            }
            else
            {
                MakeRoom();
                _marks.Add(new Mark(stream, _tail.Total));
            }
        }
    }

    /// <summary>Keeps at most this many bytes from now on.</summary>
    public void Shorten(int most)
    {
        lock (_marks)
        {
            var kept = _tail.Read().Span;
            var shorter = new ByteTail(most, _tail.Total - kept.Length);
            shorter.Append(kept);
            _tail = shorter;
        }
    }

    /// <summary>The lines that are kept, in the order of their ends, and whether the beginning of the output is missing.</summary>
    public (IReadOnlyList<OutputLine> Lines, bool IsCut) Lines()
    {
        byte[] bytes;
        Mark[] marks;
        long begin, total;
        lock (_marks)
        {
            (bytes, marks, total) = (_tail.Read().ToArray(), [.. _marks], _tail.Total);
            begin = Math.Max(_begin, total - bytes.Length);
        }

        var (stdout, stderr) = (new LineFraming(OutputStream.Stdout), new LineFraming(OutputStream.Stderr));
        var lines = new List<OutputLine>();
        var at = begin;
        foreach (var mark in marks.Where(mark => mark.End > begin))
        {
            var framing = mark.Stream == OutputStream.Stdout ? stdout : stderr;
            var origin = total - bytes.Length;
            lines.AddRange(framing.Append(bytes.AsMemory((int)(at - origin), (int)(mark.End - at))));
            at = mark.End;
        }

        lines.AddRange(stdout.End());
        lines.AddRange(stderr.End());
        return (lines, begin > 0);
    }

    private void MakeRoom()
    {
        if (_marks.Count == MostMarks)
        {
            _begin = _marks[(MostMarks / 2) - 1].End;
            _marks.RemoveRange(0, MostMarks / 2);
        }
    }

    private record struct Mark(OutputStream Stream, long End);
}
