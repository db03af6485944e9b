using Faas.Bench.Scale;
using Xunit;

namespace Faas.Bench.Tests.Scale;

public sealed class FullCollectionTests
{
    [Fact]
    public void A_process_collects_all_generations_when_it_is_told_to()
    {
        var before = GC.CollectionCount(GC.MaxGeneration);
        FullCollection.Of(Environment.ProcessId);
        Assert.True(GC.CollectionCount(GC.MaxGeneration) > before);
    }

    [Fact]
    public void A_process_that_is_not_of_dotnet_is_named()
    {
        var none = Assert.Throws<BenchException>(() => FullCollection.Of(1));
        Assert.StartsWith("Process 1 does not collect its garbage when told to: ", none.Message, StringComparison.Ordinal);
    }
}
