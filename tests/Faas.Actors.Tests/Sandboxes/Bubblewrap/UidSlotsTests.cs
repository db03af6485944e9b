using CsCheck;
using Faas.Actors.Sandboxes.Bubblewrap;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Bubblewrap;

public sealed class UidSlotsTests
{
    private const long First = 4_200_000;

    // A negative step takes an id; any other step frees one of the taken ids.
    [Fact]
    public void Nobody_gets_an_id_that_somebody_has_and_the_lowest_free_one_is_next() =>
        Gen.Int[-60, 39].List[0, 200].Sample(steps =>
        {
            var slots = new UidSlots(First);
            var held = new List<long>();
            foreach (var step in steps)
            {
                if (step < 0)
                {
                    var lowestFree = Enumerable.Range(0, held.Count + 1).Select(slot => First + slot).First(uid => !held.Contains(uid));
                    Assert.Equal(lowestFree, slots.Take());
                    held.Add(lowestFree);
                }
                else if (held.Count > 0)
                {
                    var uid = held[step % held.Count];
                    slots.Release(uid);
                    held.Remove(uid);
                    Assert.Throws<InvalidOperationException>(() => slots.Release(uid));
                }
            }
        });

    [Theory]
    [InlineData(First - 1)]
    [InlineData(First + 1)]
    [InlineData(First + (1L << 32))]
    [InlineData(0)]
    public void An_id_that_nobody_has_cannot_be_given_back(long uid)
    {
        var slots = new UidSlots(First);
        slots.Take();

        var refused = Assert.Throws<InvalidOperationException>(() => slots.Release(uid));

        Assert.Contains($"{uid}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(First + 1, slots.Take());
        Assert.Equal(First + 2, slots.Take());
    }

    [Fact]
    public void Threads_that_take_at_once_get_different_ids()
    {
        var slots = new UidSlots(First);
        var taken = new long[1000];

        Parallel.For(0, taken.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            slots.Release(slots.Take());
            taken[i] = slots.Take();
        });

        Assert.Equal(taken.Length, taken.Distinct().Count());
    }
}
