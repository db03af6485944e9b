using System.Buffers;
using System.Buffers.Binary;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.Forwarding;

/// <summary>
/// Makes a run's output of the bytes of <see cref="OutputWriter"/>, which may come in pieces of any length. Lines are slices of the piece
/// that they came in; those that a piece does not have whole are copied.
/// </summary>
internal sealed class OutputReader
{
    private ByteSegments? _begun;

    /// <summary>The events that are whole with this piece. Throws <see cref="FormatException"/>.</summary>
    public IReadOnlyList<OutputEvent> Read(BytePiece piece)
    {
        var bytes = new ReadOnlySequence<byte>(piece.Bytes);
        if (_begun is { } begun)
        {
            begun.Append(piece.Bytes.Span);
            if (begun.Length < OutputWriter.HeadBytes
                || begun.Length - OutputWriter.HeadBytes < HeadOf(begun.Peek(OutputWriter.HeadBytes)).Length)
            {
                return [];
            }

            (bytes, _begun) = (begun.ToSequence(), null);
        }

        var events = new List<OutputEvent>();
        while (bytes.Length >= OutputWriter.HeadBytes && HeadOf(bytes) is var (kind, length)
            && bytes.Length - OutputWriter.HeadBytes >= length)
        {
            events.Add(EventOf(kind, bytes.Slice(OutputWriter.HeadBytes, length)));
            bytes = bytes.Slice(OutputWriter.HeadBytes + length);
        }

        if (!bytes.IsEmpty)
        {
            _begun = new ByteSegments();
            _begun.Append(bytes);
        }

        return events;
    }

    private static (byte Kind, int Length) HeadOf(ReadOnlySequence<byte> bytes)
    {
        Span<byte> head = stackalloc byte[OutputWriter.HeadBytes];
        bytes.Slice(0, OutputWriter.HeadBytes).CopyTo(head);
        return HeadOf(head);
    }

    private static (byte Kind, int Length) HeadOf(ReadOnlySpan<byte> head)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
        return length >= 0 ? (head[0], length) : throw new FormatException($"An event from another node has {length} bytes.");
    }

    private static OutputEvent EventOf(byte kind, ReadOnlySequence<byte> content) => kind switch
    {
        OutputWriter.End => new OutputEnded(RunOutcome.Read(content).Outcome),
        <= OutputWriter.StderrBit + OutputWriter.PartialBit => new OutputLine(
            (kind & OutputWriter.StderrBit) == 0 ? OutputStream.Stdout : OutputStream.Stderr,
            content.IsSingleSegment ? content.First : content.ToArray(),
            (kind & OutputWriter.PartialBit) != 0),
        _ => throw new FormatException($"Another node has sent an event of the kind {kind}."),
    };
}
