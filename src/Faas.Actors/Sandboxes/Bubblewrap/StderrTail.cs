using System.Text;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>Drains a sandbox's stderr, always, so that no write to it ever blocks, and keeps its end for the operator.</summary>
internal sealed class StderrTail
{
    private const int Kept = 4096;
    private readonly byte[] _tail = new byte[Kept];
    private int _length;

    /// <summary>Reads to the end of the stream; returns what is kept.</summary>
    public async Task<string> DrainAsync(Stream stderr)
    {
        var buffer = new byte[Kept];
        for (int read; (read = await stderr.ReadAsync(buffer)) > 0;)
        {
            Append(buffer.AsSpan(0, read));
        }

        return Encoding.UTF8.GetString(_tail, 0, _length);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var keep = Math.Min(_length, Kept - bytes.Length);
        _tail.AsSpan(_length - keep, keep).CopyTo(_tail);
        bytes.CopyTo(_tail.AsSpan(keep));
        _length = keep + bytes.Length;
    }
}
