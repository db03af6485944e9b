namespace Faas.Actors.Runs.Output;

/// <summary>
/// The last bytes of an endless stream. Once the limit is reached, the oldest bytes make room for new ones. The memory grows
/// with what is appended and never passes the limit.
/// </summary>
/// <param name="limit">The most bytes that are kept; at least 1.</param>
/// <param name="before">How many bytes were appended before, elsewhere, and are not here.</param>
public sealed class ByteTail(int limit, long before = 0)
{
    private const int DrainBytes = 4096;
    private byte[] _ring = [];
    private int _start;

    /// <summary>How many bytes are kept now.</summary>
    public int Length { get; private set; }

    /// <summary>How many bytes were ever appended.</summary>
    public long Total { get; private set; } = before;

    /// <summary>How many bytes of memory it takes, about.</summary>
    public int Capacity => _ring.Length;

    /// <summary>Whether bytes were dropped.</summary>
    public bool IsPartial => Total > Length;

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Total += bytes.Length;
        if (bytes.Length > limit)
        {
            bytes = bytes[^limit..];
        }

        MakeRoom(bytes.Length);
        var end = (_start + Length) % _ring.Length;
        var first = Math.Min(bytes.Length, _ring.Length - end);
        bytes[..first].CopyTo(_ring.AsSpan(end));
        bytes[first..].CopyTo(_ring);
        Length += bytes.Length;
    }

    /// <summary>Appends what a stream holds, up to its end.</summary>
    public async Task DrainAsync(Stream stream)
    {
        var buffer = new byte[DrainBytes];
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            Append(buffer.AsSpan(0, read));
        }
    }

    /// <summary>The bytes that are kept, oldest first. Valid until the next <see cref="Append"/>.</summary>
    public ReadOnlyMemory<byte> Read()
    {
        if (_start + Length <= _ring.Length)
        {
            return _ring.AsMemory(_start, Length);
        }

        var straight = new byte[Length];
        CopyTo(straight);
        return straight;
    }

    private void MakeRoom(int count)
    {
        var wanted = Math.Min(limit, Length + count);
        if (wanted > _ring.Length || _ring.Length == 0)
        {
            var size = (int)Math.Min(limit, Math.Max(Math.Max(wanted, 256), 2L * _ring.Length));
            var larger = new byte[size];
            CopyTo(larger);
            _ring = larger;
            _start = 0;
        }

        var dropped = Math.Max(0, Length + count - limit);
        _start = (_start + dropped) % _ring.Length;
        Length -= dropped;
    }

    private void CopyTo(Span<byte> target)
    {
        var first = Math.Min(Length, _ring.Length - _start);
        _ring.AsSpan(_start, first).CopyTo(target);
        _ring.AsSpan(0, Length - first).CopyTo(target[first..]);
    }
}
