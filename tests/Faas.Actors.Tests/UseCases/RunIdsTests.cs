using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

public sealed class RunIdsTests
{
    [Fact]
    public void Each_run_has_an_id_of_its_own_that_still_tells_the_callers()
    {
        var (one, other) = (RunIds.Next("same"), RunIds.Next("same"));
        Assert.NotEqual(one, other);
        Assert.StartsWith("same~", one, StringComparison.Ordinal);
    }
}
