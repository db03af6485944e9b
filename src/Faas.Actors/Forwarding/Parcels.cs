using System.Buffers;
using Akka.Streams;
using Akka.Streams.Dsl;
using Faas.Actors.Runs;

namespace Faas.Actors.Forwarding;

/// <summary>
/// Sends and collects bytes of any number. Many bytes go in pieces, as the other side asks for them: a long message between two nodes holds
/// up all the others, the heartbeats among them.
/// </summary>
internal sealed class Parcels(IMaterializer materializer)
{
    // Without news of the other side for so long, it is gone: a reference to a stream does not notice that by itself.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>The most bytes that go in one message.</summary>
    public const int MostInOne = OutputWriter.PieceBytes;

    /// <summary>Makes a parcel.</summary>
    public async ValueTask<Parcel> PackAsync(ReadOnlySequence<byte> bytes) => bytes.Length <= MostInOne
        ? new Parcel(bytes)
        : new Parcel(
            default,
            await Source.From(Cut(bytes)).BackpressureTimeout(s_patience).RunWith(StreamRefs.SourceRef<BytePiece>(), materializer));

    /// <summary>All bytes of a parcel. It throws what stops the stream.</summary>
    /// <param name="parcel">The parcel.</param>
    /// <param name="lost">Cancelled when the other node is gone.</param>
    public async ValueTask<ReadOnlySequence<byte>> UnpackAsync(Parcel parcel, CancellationToken lost = default)
    {
        if (parcel.Pieces is not { } pieces)
        {
            return parcel.Whole;
        }

        var all = new ByteSegments();
        await pieces.Source.Via(lost.AsFlow<BytePiece>()).IdleTimeout(s_patience)
            .RunForeach(piece => all.Append(piece.Bytes.Span), materializer);
        return all.ToSequence();
    }

    private static IEnumerable<BytePiece> Cut(ReadOnlySequence<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes.Slice(Math.Min(MostInOne, bytes.Length)))
        {
            yield return new BytePiece(bytes.Slice(0, Math.Min(MostInOne, bytes.Length)).ToArray());
        }
    }
}
