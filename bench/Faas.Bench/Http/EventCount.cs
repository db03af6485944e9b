using System.Text;

namespace Faas.Bench.Http;

/// <summary>Counts the messages of an event stream of ours, each of which has three lines, and keeps its end.</summary>
internal sealed class EventCount : IBody
{
    private const int LinesEach = 3;
    private readonly byte[] _tail = new byte[512];
    private int _length;
    private long _lines;

    /// <summary>Messages so far.</summary>
    public long Events => _lines / LinesEach;

    /// <summary>The last 512 bytes, or what there is.</summary>
    public string Tail => Encoding.UTF8.GetString(_tail, 0, _length);

    /// <inheritdoc/>
    public void Begin() => (_length, _lines) = (0, 0);

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        _lines += bytes.Count((byte)'\n');
        var end = bytes.Length > _tail.Length ? bytes[^_tail.Length..] : bytes;
        var keep = Math.Min(_length, _tail.Length - end.Length);
        _tail.AsSpan(_length - keep, keep).CopyTo(_tail);
        end.CopyTo(_tail.AsSpan(keep));
        _length = keep + end.Length;
    }
}
