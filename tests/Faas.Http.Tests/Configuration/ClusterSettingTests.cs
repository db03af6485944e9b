using Faas.Actors.Cluster;
using Faas.Actors.Configuration;
using Faas.Http.Configuration;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Configuration;

/// <summary>The settings of a node, and those that stop the start because the cluster would not be safe.</summary>
public sealed class ClusterSettingTests : IDisposable
{
    private const string Enabled = "faas.cluster.enabled = true\n";
    private const string Shared = Enabled + "faas.store.redis { host = redis, lease = 0 }\n";
    private readonly string _folder = TestFolder.Create("faas-cluster-settings-");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_server_is_no_node_unless_it_is_told_so() => Assert.Equal(
        (false, new ClusterAddress("127.0.0.1", 4053), new ClusterAddress("127.0.0.1", 4053), 0, null),
        Of("") is var cluster ? (cluster.Enabled, cluster.Self, cluster.Listen, cluster.Seeds.Count, cluster.Tls) : default);

    [Fact]
    public void Every_setting_can_come_from_the_environment()
    {
        var cluster = FaasConfiguration.Load(_folder, AppContext.BaseDirectory, new Dictionary<string, string>
        {
            ["REDIS_HOST"] = "redis",
            ["REDIS_LEASE"] = "0",
            ["FAAS_CLUSTER_ENABLED"] = "true",
            ["FAAS_CLUSTER_HOST"] = "10.0.0.1",
            ["FAAS_CLUSTER_PORT"] = "4000",
            ["FAAS_CLUSTER_LISTEN"] = "0.0.0.0:5000",
            ["FAAS_CLUSTER_SEEDS"] = "10.0.0.1:4000, node-2:4000,[2001:db8::1]:4000",
            ["FAAS_CLUSTER_JOIN_TIMEOUT"] = "5s",
            ["FAAS_CLUSTER_TLS_CERTIFICATE"] = "own.pem",
            ["FAAS_CLUSTER_TLS_KEY"] = "own.key",
            ["FAAS_CLUSTER_TLS_AUTHORITY"] = "authority.pem",
        }).Cluster;
        Assert.Equal(
            (true, "10.0.0.1:4000", "0.0.0.0:5000", TimeSpan.FromSeconds(5), new ClusterTls("own.pem", "own.key", "authority.pem")),
            (cluster.Enabled, $"{cluster.Self}", $"{cluster.Listen}", cluster.JoinTimeout, cluster.Tls));
        Assert.Equal(["10.0.0.1:4000", "node-2:4000", "[2001:db8::1]:4000"], cluster.Seeds.Select(seed => $"{seed}"));
        Assert.Equal(2, cluster.FormedBy);
    }

    [Theory]
    [InlineData(Enabled, "faas.cluster.enabled = \"true\": allowed is false as long as faas.store.redis (REDIS_HOST) names no Redis server")]
    [InlineData(
        Enabled + "faas.store.redis.host = redis",
        "faas.store.redis.lease = \"10s\": allowed is 0 as long as faas.cluster.enabled is true")]
    [InlineData(
        Shared + "faas.cluster.host = \"10.0.0.1\"",
        "faas.cluster.host = \"10.0.0.1\": allowed is a loopback address as long as faas.cluster.tls.certificate is not set")]
    [InlineData(
        Shared + "faas.cluster.host = \"node-1\"", "faas.cluster.host = \"node-1\": allowed is a loopback address as long as")]
    [InlineData(
        Shared + "faas.cluster.listen = \"0.0.0.0:4053\"",
        "faas.cluster.listen = \"0.0.0.0:4053\": allowed is a loopback address as long as faas.cluster.tls.certificate is not set")]
    [InlineData("faas.cluster.listen = \"0.0.0.0\"", "faas.cluster.listen = \"0.0.0.0\": allowed is empty, or address:port")]
    [InlineData("faas.cluster.listen = \"node-1:4053\"", "faas.cluster.listen = \"node-1:4053\": allowed is empty, or address:port")]
    [InlineData(Shared + "faas.cluster.host = \"0.0.0.0\"", "faas.cluster.host = \"0.0.0.0\": allowed is an IP address or a name")]
    [InlineData(
        Shared + "faas.cluster.tls.certificate = own.pem",
        "faas.cluster.tls.key = \"\": allowed is a file, because faas.cluster.tls.certificate is set")]
    [InlineData(
        Shared + "faas.cluster.tls { key = own.key, authority = authority.pem }",
        "faas.cluster.tls.certificate = \"\": allowed is a file, because faas.cluster.tls.key is set")]
    [InlineData(
        Shared + "faas.cluster.tls { certificate = own.pem, key = /usr/own.key, authority = authority.pem }",
        "faas.cluster.tls.key = \"/usr/own.key\": allowed is a file outside of /usr, which sandboxes can read")]
    [InlineData(Shared + "faas.cluster.seeds = [\"10.0.0.1:4053\", \"10.0.0.2\"]", "faas.cluster.seeds = \"10.0.0.2\": allowed is a list of host:port")]
    [InlineData("faas.cluster.port = 0", "faas.cluster.port = \"0\": allowed is a whole number from 1 to 65535")]
    public void What_would_not_be_safe_stops_the_start(string settings, string why) =>
        Assert.StartsWith(why, Assert.Throws<SettingException>(() => Of(settings)).Message, StringComparison.Ordinal);

    private ClusterOptions Of(string settings)
    {
        var file = Path.Combine(_folder, "over.conf");
        File.WriteAllText(file, settings);
        return FaasConfiguration.Load(_folder, AppContext.BaseDirectory, new Dictionary<string, string> { ["FAAS_CONFIG"] = file }).Cluster;
    }
}
