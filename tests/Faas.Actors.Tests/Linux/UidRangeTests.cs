using Faas.Actors.Linux;
using Xunit;

namespace Faas.Actors.Tests.Linux;

public sealed class UidRangeTests : IDisposable
{
    private readonly string _folder = TestFolder.Create("faas-uids-");

    private string LockFile => Path.Combine(_folder, "uids.lock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_server_finds_a_range_of_its_own()
    {
        using var first = UidRange.ClaimFree(LockFile, 1000)!;
        using var second = UidRange.ClaimFree(LockFile, 300)!;
        using var third = UidRange.ClaimFree(LockFile, 1000)!;

        UidRange[] ranges = [first, second, third];
        Assert.Equal(2300, ranges.SelectMany(range => Enumerable.Range((int)range.First, range.Count)).Distinct().Count());
        Assert.Equal(UidRange.FirstFree, first.First);
    }

    [Theory]
    [InlineData(5000, 100, false)]
    [InlineData(5099, 1, false)]
    [InlineData(4000, 1001, false)]
    [InlineData(5100, 100, true)]
    [InlineData(4900, 100, true)]
    public void A_range_that_is_named_is_refused_when_it_overlaps_anothers(long first, int count, bool isFree)
    {
        using var taken = UidRange.TryClaim(LockFile, 5000, 100);
        using var wanted = UidRange.TryClaim(LockFile, first, count);
        Assert.NotNull(taken);
        Assert.Equal(isFree, wanted is not null);
    }

    [Fact]
    public void A_range_that_is_given_up_is_free_again()
    {
        UidRange.TryClaim(LockFile, 5000, 100)!.Dispose();
        using var again = UidRange.TryClaim(LockFile, 5000, 100);
        Assert.NotNull(again);
    }
}
