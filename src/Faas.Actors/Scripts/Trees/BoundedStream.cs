namespace Faas.Actors.Scripts.Trees;

/// <summary>A stream that is read no further than a limit. It belongs to its maker, and is not disposed of.</summary>
/// <param name="inner">What is read.</param>
/// <param name="limit">The most bytes; at the next one, a read throws <see cref="PackedTreeException"/>.</param>
internal sealed class BoundedStream(Stream inner, long limit) : WatchedStream(inner)
{
    private long _read;

    protected override void Watch(ReadOnlySpan<byte> bytes)
    {
        _read += bytes.Length;
        if (_read > limit)
        {
            throw new PackedTreeException(
                $"It has more than {limit} bytes when it is unpacked, with all that is not in files.", isTooLarge: true);
        }
    }
}
