using System.Buffers;

namespace Faas.Actors.Runs;

/// <summary>
/// Bytes that come in pieces and are kept once. A buffer that grows would copy them each time, and a large one would lie in the heap that
/// is collected last.
/// </summary>
public sealed class ByteSegments
{
    private const int FirstSize = 4 << 10;
    private const int MostSize = 64 << 10;

    private readonly List<byte[]> _full = [];
    private byte[] _last = [];
    private int _used;

    /// <summary>How many bytes there are.</summary>
    public long Length { get; private set; }

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_used == _last.Length)
            {
                MakeRoom(bytes.Length);
            }

            var count = Math.Min(bytes.Length, _last.Length - _used);
            bytes[..count].CopyTo(_last.AsSpan(_used));
            _used += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            Append(segment.Span);
        }
    }

    /// <summary>The first of them.</summary>
    /// <param name="count">How many; at most <see cref="Length"/>, and at most 4 KiB.</param>
    public ReadOnlySpan<byte> Peek(int count) => (_full.Count > 0 ? _full[0] : _last).AsSpan(0, count);

    /// <summary>All of them. Nothing may be added afterwards.</summary>
    public ReadOnlySequence<byte> ToSequence()
    {
        if (_full.Count == 0)
        {
            return new ReadOnlySequence<byte>(_last.AsMemory(0, _used));
        }

        var first = new Segment(_full[0], 0);
        var end = first;
        foreach (var segment in _full.Skip(1))
        {
            end = end.Then(segment);
        }

        end = end.Then(_last.AsMemory(0, _used));
        return new ReadOnlySequence<byte>(first, 0, end, end.Memory.Length);
    }

    private void MakeRoom(int wanted)
    {
        if (_last.Length > 0)
        {
            _full.Add(_last);
        }

        _last = new byte[Math.Clamp(Math.Max(wanted, 2 * _last.Length), FirstSize, MostSize)];
        _used = 0;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
