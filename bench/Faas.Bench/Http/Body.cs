using System.Buffers;
using System.Text;

namespace Faas.Bench.Http;

/// <summary>A response's body: all of it, unless it is a long stream, of which only the number of lines and the end are kept.</summary>
/// <param name="most">About how many bytes are kept.</param>
internal sealed class Body(int most = 512 << 10)
{
    private const int TailBytes = 512;
    private readonly ArrayBufferWriter<byte> _end = new();

    /// <summary>How many line ends have come.</summary>
    public long Lines { get; private set; }

    /// <summary>The body, or what is kept of it: at least its last 512 bytes.</summary>
    public ReadOnlySpan<byte> End => _end.WrittenSpan;

    /// <summary>Its last 512 bytes as text.</summary>
    public string Tail => Encoding.UTF8.GetString(End[^Math.Min(TailBytes, End.Length)..]);

    /// <summary>Forgets the last response.</summary>
    public void Begin()
    {
        Lines = 0;
        _end.ResetWrittenCount();
    }

    public void Take(ReadOnlySpan<byte> bytes)
    {
        Lines += bytes.Count((byte)'\n');
        if (_end.WrittenCount > most)
        {
            var tail = End[^TailBytes..].ToArray();
            _end.ResetWrittenCount();
            _end.Write(tail);
        }

        _end.Write(bytes);
    }
}
