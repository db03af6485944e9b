using Faas.Bench.Settings;
using Xunit;

namespace Faas.Bench.Tests.Settings;

public sealed class BenchArgumentsTests
{
    [Fact]
    public void A_full_run_may_keep_its_results() =>
        Assert.Equal(new BenchArguments(false, "faas.dll", "out"), BenchArguments.Parse(["full", "--results", "out", "--server", "faas.dll"]));

    [Fact]
    public void A_quick_run_keeps_none_unless_told() => Assert.Equal(new BenchArguments(true, "faas.dll", null), BenchArguments.Parse(["quick", "--server", "faas.dll"]));

    [Theory]
    [InlineData("", "Nothing was asked for;")]
    [InlineData("fast", "\"fast\" is not understood;")]
    [InlineData("full", "--server is missing;")]
    [InlineData("full --server", "--server has no value;")]
    [InlineData("full --port 1", "\"--port\" is not understood;")]
    [InlineData("full --server a --server b", "--server stands there twice;")]
    public void A_wrong_argument_is_named_on_one_line_with_what_is_allowed(string line, string why)
    {
        var wrong = Assert.Throws<BenchException>(() => BenchArguments.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal($"{why} allowed is {BenchArguments.Usage}.", wrong.Message);
    }

    [Fact]
    public void The_process_ends_with_the_status_for_wrong_usage() => Assert.Equal(64, BenchProcess.Run(["fast"]));
}
