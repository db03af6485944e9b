using CsCheck;
using Faas.Actors.Runs.Output;
using Xunit;

namespace Faas.Actors.Tests.Runs.Output;

public sealed class ByteTailTests
{
    [Fact]
    public void It_keeps_the_last_bytes_whatever_pieces_they_came_in() =>
        Gen.Select(Gen.Int[1, 700], Gen.Byte.Array[0, 300].List[0, 12]).Sample((limit, pieces) =>
        {
            var tail = new ByteTail(limit);
            var all = new List<byte>();
            foreach (var piece in pieces)
            {
                tail.Append(piece);
                all.AddRange(piece);
                Assert.Equal(all.TakeLast(limit), tail.Read().ToArray());
            }

            Assert.Equal(all.Count, tail.Total);
            Assert.Equal(all.Count > limit, tail.IsPartial);
        });

    [Fact]
    public async Task A_stream_is_drained_to_its_end_whatever_pieces_it_comes_in()
    {
        const int Kept = 4096;
        var lengths = Gen.OneOf(Gen.Int[0, 50], Gen.Int[Kept - 3, Kept + 3], Gen.Int[0, 20_000]);
        await Gen.Select(lengths, Gen.Int[1, 6000].List[1, 8]).SampleAsync(async (length, pieces) =>
        {
            var bytes = Enumerable.Range(0, length).Select(at => (byte)('!' + (at % 90))).ToArray();
            var tail = new ByteTail(Kept);
            await tail.DrainAsync(new InPieces(bytes, pieces));
            Assert.Equal(bytes[Math.Max(0, length - Kept)..], tail.Read().ToArray());
        });
    }

    private sealed class InPieces(byte[] bytes, List<int> pieces) : MemoryStream(bytes)
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieces[_next++ % pieces.Count])], cancellationToken);
    }
}
