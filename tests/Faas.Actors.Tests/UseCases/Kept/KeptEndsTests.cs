using Faas.Actors.UseCases.Kept;
using Xunit;

namespace Faas.Actors.Tests.UseCases.Kept;

public sealed class KeptEndsTests
{
    private readonly KeptEnds _ends = new();

    [Fact]
    public void All_that_wait_for_a_run_are_told_of_its_end_though_one_of_them_has_left()
    {
        var (leaves, stays, other) = (_ends.Of("call~k1"), _ends.Of("call~k1"), _ends.Of("call~k2"));
        _ends.Forget("call~k1");
        var late = _ends.Of("call~k1");
        _ends.Written("call~k1");
        Assert.True(leaves.IsCompleted && stays.IsCompleted && late.IsCompleted);
        Assert.False(other.IsCompleted);
    }

    [Fact]
    public void Nothing_is_kept_of_a_run_for_which_no_caller_waits()
    {
        _ends.Of("call~k1");
        _ends.Written("call~k1");
        _ends.Forget("call~k1");
        Assert.False(_ends.Of("call~k1").IsCompleted);
    }
}
