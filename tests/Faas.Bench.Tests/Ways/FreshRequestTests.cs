using System.Text;
using Faas.Actors.Scripts;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;
using Xunit;

namespace Faas.Bench.Tests.Ways;

public sealed class FreshRequestTests
{
    private readonly Workload _hello = Cases.HelloIn(Language.Python);

    [Fact]
    public void Each_request_has_a_text_of_its_own_whoever_makes_it()
    {
        var requests = new[] { Request(), Request() };
        var texts = Enumerable.Range(0, 20).Select(index => Encoding.UTF8.GetString(requests[index % 2].Next())).ToList();

        Assert.Equal(20, texts.Distinct().Count());
        Assert.All(texts, text => Assert.EndsWith(_hello.Source, text, StringComparison.Ordinal));
        Assert.Single(texts.Select(text => text.Length).Distinct());
    }

    private FreshRequest Request() => new(_hello, text => Encoding.UTF8.GetBytes(text.Source));
}
