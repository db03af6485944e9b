using System.Buffers;
using System.Buffers.Binary;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.Forwarding;

/// <summary>
/// Makes bytes of a run's output. Theory of operation. Each event is a byte that says what it is, four bytes with the length of what
/// follows (little-endian), and that: a line, or at the end an outcome by <see cref="RunOutcome"/>. Events are put together into pieces of
/// at most <see cref="PieceBytes"/>; one that is longer goes on in the next pieces, so that no message between nodes is long.
/// </summary>
internal static class OutputWriter
{
    /// <summary>The most bytes of a piece. Arrays from 85,000 bytes on would lie in the heap that is collected last.</summary>
    public const int PieceBytes = 72 << 10;

    internal const byte StderrBit = 1;
    internal const byte PartialBit = 2;
    internal const byte End = 4;
    internal const int HeadBytes = 5;

    /// <summary>The pieces of these events. Each event begins in a piece with all of it, if it fits into one.</summary>
    public static IEnumerable<BytePiece> Pieces(IReadOnlyList<OutputEvent> events)
    {
        var bytes = new ArrayBufferWriter<byte>(RoomFor(events));
        foreach (var one in events)
        {
            var (kind, content) = ContentOf(one);
            var length = HeadBytes + content.Length;
            if (bytes.WrittenCount > 0 && bytes.WrittenCount + length > PieceBytes)
            {
                yield return new BytePiece(bytes.WrittenMemory);
                bytes = new ArrayBufferWriter<byte>(PieceBytes);
            }

            WriteHead(bytes, kind, (int)content.Length);
            while (bytes.WrittenCount + content.Length > PieceBytes)
            {
                var fits = content.Slice(0, PieceBytes - bytes.WrittenCount);
                Write(bytes, fits);
                yield return new BytePiece(bytes.WrittenMemory);
                bytes = new ArrayBufferWriter<byte>(PieceBytes);
                content = content.Slice(fits.End);
            }

            Write(bytes, content);
        }

        if (bytes.WrittenCount > 0)
        {
            yield return new BytePiece(bytes.WrittenMemory);
        }
    }

    private static int RoomFor(IReadOnlyList<OutputEvent> events)
    {
        var room = HeadBytes;
        foreach (var one in events)
        {
            room += one is OutputLine line ? HeadBytes + line.Bytes.Length : HeadBytes;
        }

        return Math.Min(room, PieceBytes);
    }

    private static (byte Kind, ReadOnlySequence<byte> Content) ContentOf(OutputEvent one) => one switch
    {
        OutputLine line => (
            (byte)((line.Stream == OutputStream.Stderr ? StderrBit : 0) | (line.Partial ? PartialBit : 0)),
            new ReadOnlySequence<byte>(line.Bytes)),
        OutputEnded ended => (End, RunOutcome.ToBytes(ended.Outcome, costFollows: false)),
        _ => throw new InvalidOperationException($"{one.GetType().Name} is no event of an output."),
    };

    private static void WriteHead(ArrayBufferWriter<byte> bytes, byte kind, int length)
    {
        var head = bytes.GetSpan(HeadBytes);
        head[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], length);
        bytes.Advance(HeadBytes);
    }

    private static void Write(ArrayBufferWriter<byte> bytes, ReadOnlySequence<byte> content)
    {
        foreach (var segment in content)
        {
            bytes.Write(segment.Span);
        }
    }
}
