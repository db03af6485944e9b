using System.Text;
using CsCheck;
using Faas.Actors.Forwarding;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Xunit;

namespace Faas.Actors.Tests.Forwarding;

public sealed class OutputPiecesTests
{
    private static readonly Gen<OutputEvent> s_line = Gen.Select(
        Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Int[60_000, LineFraming.MaxLine].Select(size => new byte[size])),
        Gen.Bool.Select(isOut => isOut ? OutputStream.Stdout : OutputStream.Stderr),
        Gen.Bool).Select(OutputEvent (bytes, stream, partial) => new OutputLine(stream, bytes, partial));

    private static readonly Gen<OutputEvent> s_end = Gen.Int[0, 500_000].Select(OutputEvent (size) => new OutputEnded(
        new Outcome(Reason.Ok) { Data = new ResultData(Encoding.ASCII.GetBytes($"\"{new string('x', size)}\""), DataType.String) }));

    [Fact]
    public void Events_come_out_as_they_went_in_however_their_bytes_are_cut() =>
        Gen.Select(s_line.List[0, 12], s_end, Gen.Int[1, 200_000].List[1, 20]).Sample((lines, end, cuts) =>
        {
            OutputEvent[] events = [.. lines, end];
            var bytes = OutputWriter.Pieces(events).SelectMany(piece => piece.Bytes.ToArray()).ToArray();
            Assert.Equal(events.Select(Show), Read(Cut(bytes, cuts)).Select(Show));
        });

    [Fact]
    public void No_piece_is_longer_than_a_message_between_nodes_may_be() =>
        Gen.Select(s_line.List[0, 12], s_end).Sample((lines, end) =>
        {
            var pieces = OutputWriter.Pieces([.. lines, end]).ToList();
            Assert.All(pieces, piece => Assert.InRange(piece.Bytes.Length, 1, OutputWriter.PieceBytes));
            Assert.Equal(((OutputEvent[])[.. lines, end]).Select(Show), Read(pieces).Select(Show));
        });

    [Fact]
    public void Bytes_that_are_no_events_are_refused()
    {
        Assert.Throws<FormatException>(() => new OutputReader().Read(new BytePiece(new byte[] { 9, 0, 0, 0, 0 })));
        Assert.Throws<FormatException>(() => new OutputReader().Read(new BytePiece(new byte[] { 0, 255, 255, 255, 255 })));
        Assert.ThrowsAny<Exception>(() => new OutputReader().Read(new BytePiece(new byte[] { 4, 1, 0, 0, 0, 7 })));
    }

    private static IEnumerable<OutputEvent> Read(IEnumerable<BytePiece> pieces)
    {
        var reader = new OutputReader();
        return [.. pieces.SelectMany(reader.Read)];
    }

    private static IEnumerable<BytePiece> Cut(byte[] bytes, List<int> cuts)
    {
        for (var (at, cut) = (0, 0); at < bytes.Length; cut++)
        {
            var count = Math.Min(cuts[cut % cuts.Count], bytes.Length - at);
            yield return new BytePiece(bytes.AsMemory(at, count));
            at += count;
        }
    }

    private static string Show(OutputEvent one) => one switch
    {
        OutputLine line => $"{line.Stream} {line.Partial} {Convert.ToHexString(line.Bytes.Span)}",
        OutputEnded ended => $"end {Encoding.ASCII.GetString(ended.Outcome.Data!.Json.Span)}",
        _ => throw new InvalidOperationException(),
    };
}
