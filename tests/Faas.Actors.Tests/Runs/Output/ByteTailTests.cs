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
}
