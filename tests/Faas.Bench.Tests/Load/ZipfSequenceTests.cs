using Faas.Bench.Load;
using Xunit;

namespace Faas.Bench.Tests.Load;

public sealed class ZipfSequenceTests
{
    private const int Drawn = 100_000;

    [Fact]
    public void The_first_comes_twice_as_often_as_the_second_and_three_times_as_often_as_the_third()
    {
        var counts = Draw(300, Drawn).CountBy(number => number).ToDictionary();

        Assert.InRange((double)counts[0] / counts[1], 1.9, 2.1);
        Assert.InRange((double)counts[0] / counts[2], 2.85, 3.15);
        Assert.Equal(300, counts.Count);
        Assert.InRange(counts.Keys.Max(), 0, 299);
    }

    [Fact]
    public void Each_sequence_is_the_same() => Assert.Equal(Draw(300, 1000), Draw(300, 1000));

    private static List<int> Draw(int count, int times)
    {
        var sequence = new ZipfSequence(count);
        return [.. Enumerable.Range(0, times).Select(_ => sequence.Next())];
    }
}
