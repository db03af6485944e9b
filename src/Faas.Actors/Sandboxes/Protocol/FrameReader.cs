using System.Buffers;
using System.Buffers.Binary;
using Faas.Actors.Runs;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>
/// Takes frames off the front of a byte sequence. It keeps no state and allocates nothing, so a header that claims a great
/// length costs no memory. A header that breaks a limit is refused before its payload has come.
/// </summary>
public static class FrameReader
{
    /// <summary>The bytes in front of every payload: the type, and the length of the payload as a little-endian u32.</summary>
    public const int HeaderLength = 5;

    /// <summary>
    /// Takes one frame if <paramref name="bytes"/> holds a whole one. Throws <see cref="ProtocolException"/> when the type is unknown
    /// or the length breaks the limit of the type.
    /// </summary>
    public static bool TryRead(ref ReadOnlySequence<byte> bytes, out Frame frame)
    {
        frame = default;
        if (bytes.Length < HeaderLength)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        bytes.Slice(0, HeaderLength).CopyTo(header);
        var type = (FrameType)header[0];
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header[1..]);
        var (min, max) = Limits(type);
        if (length < min || length > max)
        {
            throw new ProtocolException($"a {type} frame of {length} bytes; allowed are {min} to {max}");
        }

        if (bytes.Length < HeaderLength + length)
        {
            return false;
        }

        frame = new Frame(type, bytes.Slice(HeaderLength, length));
        bytes = bytes.Slice(HeaderLength + length);
        return true;
    }

    /// <summary>How many bytes a payload may have. Source: runtimes/PROTOCOL.md.</summary>
    public static (uint Min, uint Max) Limits(FrameType type) => type switch
    {
        FrameType.Program => (2, 32 << 20),
        FrameType.Run => (1, Run.MaxInputBytes),
        FrameType.Check or FrameType.Out => (0, 0),
        FrameType.Trace => (1, 64),
        FrameType.Secrets => (2, 32 << 20),
        FrameType.File or FrameType.OutFile => (1, RunFileName.MaxBytes),
        FrameType.Cancel or FrameType.Done or FrameType.Heard => (FrameWriter.NumberLength, FrameWriter.NumberLength),
        FrameType.Ready or FrameType.End or FrameType.OutRefused => (2, 4 << 10),
        FrameType.Stdout or FrameType.Stderr or FrameType.Result or FrameType.FileBytes or FrameType.OutBytes => (1, 64 << 10),
        _ => throw new ProtocolException($"a frame of unknown type 0x{(int)type:x2}"),
    };
}
