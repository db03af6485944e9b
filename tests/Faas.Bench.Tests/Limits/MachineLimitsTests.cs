using System.Text.Json;
using Faas.Bench.Limits;
using Xunit;

namespace Faas.Bench.Tests.Limits;

public sealed class MachineLimitsTests
{
    [Fact]
    [Trait("Machine", "Alone")]
    public void What_the_machine_takes_is_measured_on_it()
    {
        var limits = MachineLimits.Measure(CancellationToken.None);

        double[] figures =
        [
            limits.SharedPageWritten, limits.ForkOfNodesSize, limits.PythonFork, limits.PythonForksASecond, limits.Message,
            limits.RelayedMessage,
        ];
        Assert.All(figures, figure => Assert.InRange(figure, 0.001, 10_000_000));
        Assert.All([limits.NewPage, limits.SharedPageRead], perPage => Assert.InRange(perPage, 0, 10_000_000));
    }

    [Fact]
    public void It_is_told_in_microseconds()
    {
        var limits = MachineLimits.Parse("""
            {
              "newPage":13.8,"sharedPageRead":5.4,"sharedPageWritten":18.9,"pythonFork":8441,
              "pythonForksASecond":116,"forkOfNodesSize":13303,"message":22.7,"relayedMessage":43.1
            }
            """);

        Assert.Equal((13.8, 8441, 116), (limits.NewPage, limits.PythonFork, limits.PythonForksASecond));
    }

    [Fact]
    public void A_figure_that_is_missing_is_no_zero() => Assert.Throws<JsonException>(() => MachineLimits.Parse("""{"newPage":13.8}"""));
}
