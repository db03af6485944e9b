using Faas.Actors.Egress;
using Faas.Actors.Tests.Telemetry;
using Xunit;

namespace Faas.Actors.Tests.Egress;

public sealed class EgressMetersTests
{
    [Fact]
    public void A_connection_counts_by_its_verdict_with_its_bytes()
    {
        using var measured = new Measured();
        var meters = new EgressMeters(measured);

        meters.Opened();
        meters.Ended(EgressVerdict.Allowed, 3, 5);
        meters.Opened();
        meters.Ended(EgressVerdict.Denied, 0, 0);

        Assert.Equal([1, -1, 1, -1], measured["faas.egress.connections.open"]);
        Assert.Equal([1], measured["faas.egress.connections{faas.verdict=allowed}"]);
        Assert.Equal([1], measured["faas.egress.connections{faas.verdict=denied}"]);
        Assert.Equal([3, 0], measured["faas.egress.io{network.io.direction=transmit}"]);
        Assert.Equal([5, 0], measured["faas.egress.io{network.io.direction=receive}"]);
    }
}
