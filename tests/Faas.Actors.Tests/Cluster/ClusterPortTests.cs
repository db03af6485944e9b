using System.Net;
using System.Net.Sockets;
using Faas.Actors.Cluster;
using Xunit;

namespace Faas.Actors.Tests.Cluster;

public sealed class ClusterPortTests
{
    [Fact]
    public void A_port_that_another_program_has_stops_the_start_and_another_attempt_makes_sense()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var refused = RefusalOf("127.0.0.1", ((IPEndPoint)other.LocalEndpoint).Port);
        Assert.Contains("another program has 127.0.0.1:", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.MayPass);
    }

    [Fact]
    public void A_host_that_is_not_this_machine_stops_the_start() => Assert.Contains(
        "faas.cluster.host = 192.0.2.1: not an address of this machine", RefusalOf("192.0.2.1", FreePort.Find()).Message, StringComparison.Ordinal);

    [Fact]
    public void Where_it_listens_by_a_setting_of_its_own_that_setting_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = new ClusterAddress("127.0.0.1", ((IPEndPoint)other.LocalEndpoint).Port);
        Assert.Equal(
            $"faas.cluster.listen = {taken}: another program has it; stop that, or set FAAS_CLUSTER_LISTEN to another port.",
            Assert.Throws<ClusterStartException>(() => ClusterPort.Try(taken, isListen: true)).Message);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.2")]
    public void A_port_that_is_free_is_free_afterwards_too(string host)
    {
        var address = new ClusterAddress(host, FreePort.Find());
        ClusterPort.Try(address);
        ClusterPort.Try(address);
    }

    private static ClusterStartException RefusalOf(string host, int port) =>
        Assert.Throws<ClusterStartException>(() => ClusterPort.Try(new ClusterAddress(host, port)));
}
