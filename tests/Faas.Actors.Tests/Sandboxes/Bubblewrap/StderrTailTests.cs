using System.Text;
using CsCheck;
using Faas.Actors.Sandboxes.Bubblewrap;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Bubblewrap;

public sealed class StderrTailTests
{
    private const int Kept = 4096;

    [Fact]
    public void Whatever_the_pieces_the_last_4_KiB_are_kept() =>
        Gen.Select(Gen.OneOf(Gen.Int[0, 50], Gen.Int[Kept - 3, Kept + 3], Gen.Int[0, 20_000]), Gen.Int[1, 6000].List[1, 8]).Sample((length, pieces) =>
        {
            var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('!' + (i % 90))));
            var kept = new StderrTail().DrainAsync(new InPieces(Encoding.ASCII.GetBytes(text), pieces)).GetAwaiter().GetResult();
            Assert.Equal(text[Math.Max(0, length - Kept)..], kept);
        });

    [Fact]
    public async Task Bytes_that_are_no_text_do_not_break_it() =>
        Assert.Equal("\uFFFDa", await new StderrTail().DrainAsync(new MemoryStream([0xff, (byte)'a'])));

    private sealed class InPieces(byte[] bytes, List<int> pieces) : MemoryStream(bytes)
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieces[_next++ % pieces.Count])], cancellationToken);
    }
}
