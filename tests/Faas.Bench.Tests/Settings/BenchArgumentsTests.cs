using Faas.Bench.Settings;
using Xunit;

namespace Faas.Bench.Tests.Settings;

public sealed class BenchArgumentsTests
{
    [Fact]
    public void A_full_run_may_keep_its_results() =>
        Assert.Equal(
            new BenchArguments(BenchScope.Full, "faas-server.dll", "out"),
            BenchArguments.Parse(["full", "--results", "out", "--server", "faas-server.dll"]));

    [Fact]
    public void A_quick_run_keeps_none_unless_told() =>
        Assert.Equal(new BenchArguments(BenchScope.Quick, "faas-server.dll", null), BenchArguments.Parse(["quick", "--server", "faas-server.dll"]));

    [Fact]
    public void The_proxy_of_sandboxes_is_measured_by_itself() =>
        Assert.Equal(new BenchArguments(BenchScope.Network, "faas-server.dll", null), BenchArguments.Parse(["network", "--server", "faas-server.dll"]));

    [Fact]
    public void Libraries_are_measured_by_themselves() =>
        Assert.Equal(
            new BenchArguments(BenchScope.Libraries, "faas-server.dll", "out"),
            BenchArguments.Parse(["libraries", "--server", "faas-server.dll", "--results", "out"]));

    [Theory]
    [InlineData("scale --server faas-server.dll", 10_000)]
    [InlineData("scale --scripts 10 --server faas-server.dll", 10)]
    public void A_run_at_scale_fills_a_store_with_ten_thousand_scripts_unless_told(string line, int scripts) =>
        Assert.Equal(new BenchArguments(BenchScope.Scale, "faas-server.dll", null, scripts), BenchArguments.Parse(line.Split(' ')));

    [Theory]
    [InlineData("", "Nothing was asked for;")]
    [InlineData("fast", "\"fast\" is not understood;")]
    [InlineData("full", "--server is missing;")]
    [InlineData("full --server", "--server has no value;")]
    [InlineData("full --port 1", "\"--port\" is not understood;")]
    [InlineData("full --scripts 100 --server a", "\"--scripts\" is not understood;")]
    [InlineData("scale --server a --scripts 9", "--scripts 9 is not a number from 10 to 1000000;")]
    [InlineData("scale --server a --scripts many", "--scripts many is not a number from 10 to 1000000;")]
    [InlineData("full --server a --server b", "--server stands there twice;")]
    public void A_wrong_argument_is_named_on_one_line_with_what_is_allowed(string line, string why)
    {
        var wrong = Assert.Throws<BenchException>(() => BenchArguments.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal($"{why} allowed is {BenchArguments.Usage}.", wrong.Message);
    }

    [Fact]
    public void The_process_ends_with_the_status_for_wrong_usage() => Assert.Equal(64, BenchProcess.Run(["fast"]));
}
