using Faas.Bench.Libraries;
using Xunit;

namespace Faas.Bench.Tests.Libraries;

public sealed class UploadLogTests
{
    [Fact]
    public void The_log_of_pip_tells_resolution_and_installation_apart()
    {
        var log = UploadLog.Read(
            [
                At(1, "Collecting six"), At(3, "Would install six-1.16.0 idna-3.3"),
                At(4, "Collecting six"), At(7, "Successfully installed six-1.16.0"),
            ],
            Seconds(12));
        Assert.Equal((Seconds(3), Seconds(4), Seconds(5)), (log.Resolve, log.Install, log.Rest));
        Assert.Equal(["six-1.16.0", "idna-3.3"], log.Libraries);
    }

    [Fact]
    public void A_layer_that_was_there_already_took_no_installation()
    {
        var log = UploadLog.Read([At(1, "Collecting six"), At(3, "Would install six-1.16.0")], Seconds(5));
        Assert.Equal((Seconds(3), TimeSpan.Zero, Seconds(2)), (log.Resolve, log.Install, log.Rest));
    }

    [Fact]
    public void The_log_of_pnpm_tells_both_at_once()
    {
        var log = UploadLog.Read(
            [At(1, "Progress: resolved 1"), At(2, "dependencies:"), At(2, "+ lodash 4.17.21"), At(3, "Done in 2s using pnpm v10")],
            Seconds(5));
        Assert.Equal((null, Seconds(3), Seconds(2)), (log.Resolve, log.Install, log.Rest));
        Assert.Equal(["lodash 4.17.21"], log.Libraries);
    }

    [Fact]
    public void A_log_without_an_installation_is_none()
    {
        var wrong = Assert.Throws<BenchException>(() => UploadLog.Read([At(1, "Collecting six")], Seconds(2)));
        Assert.Contains("Collecting six", wrong.Message, StringComparison.Ordinal);
    }

    private static TimeSpan Seconds(double number) => TimeSpan.FromSeconds(number);

    private static (TimeSpan At, string Text) At(double seconds, string text) => (Seconds(seconds), text);
}
