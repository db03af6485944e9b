using Faas.Actors.Cluster;
using Xunit;

namespace Faas.Actors.Tests.Cluster;

public sealed class ClusterHoconTests
{
    private static readonly ClusterOptions s_options = new(
        true, new ClusterAddress("10.0.0.1", 4053), [], TimeSpan.FromSeconds(60), new ClusterTls("a", "b", "c"));

    [Fact]
    public void The_transport_listens_where_the_others_look_for_it()
    {
        var tcp = ClusterHocon.Of(s_options).GetConfig("akka.remote.dot-netty.tcp");
        Assert.Equal(("10.0.0.1", "10.0.0.1", 4053), (tcp.GetString("hostname"), tcp.GetString("public-hostname"), tcp.GetInt("port")));
    }

    [Fact]
    public void It_listens_elsewhere_if_it_is_told_so_and_the_others_look_where_they_did()
    {
        var options = s_options with { ListensAt = new ClusterAddress("0.0.0.0", 5000) };
        var tcp = ClusterHocon.Of(options).GetConfig("akka.remote.dot-netty.tcp");
        Assert.Equal(
            ("0.0.0.0", 5000, "10.0.0.1", 4053),
            (tcp.GetString("hostname"), tcp.GetInt("port"), tcp.GetString("public-hostname"), tcp.GetInt("public-port")));
    }

    [Fact]
    public void An_address_of_IPv6_is_given_to_the_transport_without_its_brackets() => Assert.Equal(
        "2001:db8::1",
        ClusterHocon.Of(s_options with { Self = new ClusterAddress("[2001:db8::1]", 1) }).GetString("akka.remote.dot-netty.tcp.hostname"));

    [Fact]
    public void With_certificates_no_connection_is_in_the_clear_or_unchecked()
    {
        var tcp = ClusterHocon.Of(s_options).GetConfig("akka.remote.dot-netty.tcp");
        Assert.True(tcp.GetBoolean("enable-ssl"));
        Assert.False(tcp.GetBoolean("ssl.suppress-validation"));
        Assert.False(ClusterHocon.Of(s_options with { Tls = null }).GetBoolean("akka.remote.dot-netty.tcp.enable-ssl"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    public void A_cluster_forms_by_the_majority_of_its_seeds(int seeds, int members)
    {
        var options = s_options with { Seeds = [.. Enumerable.Range(1, seeds).Select(i => new ClusterAddress($"10.0.0.{i}", 1))] };
        Assert.Equal(members, ClusterHocon.Of(options).GetInt("akka.cluster.min-nr-of-members"));
    }

    [Fact]
    public void A_node_is_given_up_by_the_majority_and_never_by_a_timeout_alone()
    {
        var cluster = ClusterHocon.Of(s_options).GetConfig("akka.cluster");
        Assert.Equal("keep-majority", cluster.GetString("split-brain-resolver.active-strategy"));
        Assert.Contains("SplitBrainResolverProvider", cluster.GetString("downing-provider-class"), StringComparison.Ordinal);
        Assert.NotEqual(TimeSpan.Zero, cluster.GetTimeSpan("down-removal-margin"));
    }
}
