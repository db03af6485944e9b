using System.Buffers;
using System.Buffers.Binary;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>
/// Joins the RESULT frames of one run into a result message. It takes memory for the bytes that have come, not for the length that
/// the header claims.
/// </summary>
/// <param name="valueLimit">The most bytes that a returned value may have.</param>
public sealed class ResultAssembly(long valueLimit)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The message, once it is complete; null before. Bytes after its end are ignored.</summary>
    public ResultMessage? Message =>
        _bytes.WrittenCount >= ResultMessage.HeaderLength && _bytes.WrittenCount - ResultMessage.HeaderLength >= Claimed
        ? new ResultMessage(Kind, _bytes.WrittenMemory.Slice(ResultMessage.HeaderLength, (int)Claimed))
        : null;

    private char Kind => (char)_bytes.WrittenSpan[0];

    private uint Claimed => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.WrittenSpan[1..]);

    /// <summary>Adds a frame's payload. False: the message is longer than it may be, or claims to be.</summary>
    public bool Append(ReadOnlySequence<byte> payload)
    {
        foreach (var segment in payload)
        {
            _bytes.Write(segment.Span);
        }

        return _bytes.WrittenCount < ResultMessage.HeaderLength
            || Math.Max(Claimed, _bytes.WrittenCount - ResultMessage.HeaderLength) <= Limit;
    }

    private long Limit => Kind is 'E' or 'S' ? ResultMessage.MaxErrorLength : valueLimit;
}
