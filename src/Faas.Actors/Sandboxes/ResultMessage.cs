using System.Buffers;
using System.Buffers.Binary;

namespace Faas.Actors.Sandboxes;

/// <summary>What the script's process said about its own end. A script can forge it, but only for itself.</summary>
/// <param name="Kind">The message's first byte: <c>V</c>, <c>N</c>, <c>E</c> or <c>S</c> when it is honest.</param>
/// <param name="Payload">What follows the header.</param>
public sealed record ResultMessage(char Kind, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Bytes in front of the payload: the kind, and the length as a little-endian u32.</summary>
    public const int HeaderLength = 5;

    /// <summary>The longest error in bytes: a message and a stack of 64 KiB each, escaped as JSON at its worst, and a name.</summary>
    public const int MaxErrorLength = 1 << 20;
}

/// <summary>Puts the RESULT frames of one invocation together. Memory follows what has come, not what the header claims.</summary>
/// <param name="valueLimit">The longest returned value in bytes.</param>
public sealed class ResultAssembly(long valueLimit)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The message, once it is complete. Bytes after its end are no part of it.</summary>
    public ResultMessage? Message => _bytes.WrittenCount >= ResultMessage.HeaderLength && _bytes.WrittenCount - ResultMessage.HeaderLength >= Claimed
        ? new ResultMessage(Kind, _bytes.WrittenMemory.Slice(ResultMessage.HeaderLength, (int)Claimed))
        : null;

    private char Kind => (char)_bytes.WrittenSpan[0];

    private uint Claimed => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.WrittenSpan[1..]);

    /// <summary>Adds a frame's payload. False: the message is, or will be, longer than it may.</summary>
    public bool Append(ReadOnlySequence<byte> payload)
    {
        foreach (var segment in payload)
        {
            _bytes.Write(segment.Span);
        }

        return _bytes.WrittenCount < ResultMessage.HeaderLength || Math.Max(Claimed, _bytes.WrittenCount - ResultMessage.HeaderLength) <= Limit;
    }

    private long Limit => Kind is 'E' or 'S' ? ResultMessage.MaxErrorLength : valueLimit;
}
