using Faas.Actors.Cluster;
using Xunit;

namespace Faas.Actors.Tests.Cluster;

public sealed class ClusterAddressTests
{
    [Theory]
    [InlineData("10.0.0.1:4053", "10.0.0.1", 4053)]
    [InlineData("Node-1.Example.org:1", "node-1.example.org", 1)]
    [InlineData("[2001:DB8::1]:65535", "[2001:db8::1]", 65535)]
    public void A_host_and_a_port_are_read_in_one_form(string text, string host, int port)
    {
        var address = ClusterAddress.Parse(text);
        Assert.Equal(new ClusterAddress(host, port), address);
        Assert.Equal(address, ClusterAddress.Parse(address!.Value.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.1")]
    [InlineData(":4053")]
    [InlineData("10.0.0.1:0")]
    [InlineData("10.0.0.1:65536")]
    [InlineData("10.0.0.1:+1")]
    [InlineData("10.0.0.1: 1")]
    [InlineData("a b:1")]
    [InlineData("akka.tcp://faas@10.0.0.1:4053")]
    [InlineData("0.0.0.0:4053")]
    [InlineData("[::]:4053")]
    [InlineData("2001:db8::1:4053")]
    public void What_names_no_node_is_none(string text) => Assert.Null(ClusterAddress.Parse(text));

    [Theory]
    [InlineData("127.0.0.1:1", true)]
    [InlineData("127.9.9.9:1", true)]
    [InlineData("localhost:1", true)]
    [InlineData("[::1]:1", true)]
    [InlineData("10.0.0.1:1", false)]
    [InlineData("localhost.example.org:1", false)]
    public void Loopback_is_what_only_this_machine_reaches(string text, bool isLoopback) =>
        Assert.Equal(isLoopback, ClusterAddress.Parse(text)!.Value.IsLoopback);

    [Fact]
    public void Addresses_are_ordered_by_host_and_then_by_port()
    {
        ClusterAddress[] ordered = [new("10.0.0.1", 2), new("10.0.0.1", 10), new("10.0.0.2", 1)];
        Assert.Equal(ordered, ordered.Reverse().Order(ClusterAddress.Order));
    }
}
