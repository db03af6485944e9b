namespace Faas.Actors.Scripts.Trees;

/// <summary>A stream that is read no further than a limit. It belongs to its maker, and is not disposed of.</summary>
/// <param name="inner">What is read.</param>
/// <param name="limit">The most bytes; at the next one, a read throws <see cref="PackedTreeException"/>.</param>
internal sealed class BoundedStream(Stream inner, long limit) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        _read += count;
        return _read <= limit
            ? count
            : throw new PackedTreeException(
                $"It has more than {limit} bytes when it is unpacked, with all that is not in files.", isTooLarge: true);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
