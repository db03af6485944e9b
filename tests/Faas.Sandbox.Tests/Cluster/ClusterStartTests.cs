using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Faas.Sandbox.Tests.Settings;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>What the switch costs when it is off, and what stops the start of a node.</summary>
[TestLimit(120)]
public sealed class ClusterStartTests
{
    private const string Node = "faas.store.redis.lease = 0\nfaas.cluster.enabled = true\n";

    [Fact]
    public async Task A_server_that_is_no_node_has_loaded_nothing_of_the_cluster()
    {
        await using var server = await FaasServer.StartAsync("faas.pool { running = 1, spares.node = 0, spares.python = 0 }");
        Assert.Equal("1", (await server.RunNowAsync("python", "return 1")).Data);
        Assert.Equal("""{"enabled":false}""", await server.Client.GetStringAsync(new Uri("/api/v1/cluster", UriKind.Relative)));

        var mapped = await File.ReadAllTextAsync($"/proc/{server.Pid}/maps");

        Assert.Contains("/Akka.dll", mapped, StringComparison.Ordinal);
        Assert.All(
            (string[])["/Akka.Cluster", "/Akka.Remote", "/Akka.DistributedData", "/Akka.Discovery", "/DotNetty"],
            library => Assert.DoesNotContain(library, mapped, StringComparison.Ordinal));
        await server.EndAsync();
    }

    [Fact]
    [Proves("cluster.join-timeout")]
    public async Task A_node_that_finds_no_other_ends_after_join_timeout_and_says_whom_it_has_asked()
    {
        await using var redis = await RedisServer.StartAsync();
        var (own, absent) = ($"127.0.0.1:{FreePort.Find()}", $"127.0.0.2:{FreePort.Find()}");
        var watch = Stopwatch.StartNew();

        var (exitCode, log) = await FaasServer.StartAndFailAsync(
            $"{Node}faas.cluster {{ port = {own.Split(':')[1]}, seeds = [\"{own}\", \"{absent}\"], join-timeout = 1s }}", redis.Environment);

        Assert.Equal(75, exitCode);
        Assert.Contains(
            $"faas: This node {own} was not let into a cluster within faas.cluster.join-timeout = 1 s; it has asked {own}, {absent}. "
            + "A cluster forms when 2 of the seeds are there, the first one among them, and reach each other.",
            log,
            StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(59)); // the shipped join-timeout is a minute
    }

    [Fact]
    public async Task A_port_that_another_program_has_and_files_that_do_not_fit_stop_the_start_with_one_line()
    {
        await using var redis = await RedisServer.StartAsync();
        using var authority = new TestAuthority();
        var (certificate, _) = authority.Sign("own");
        var (_, key) = authority.Sign("another");
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        var port = await FaasServer.StartAndFailAsync($"{Node}faas.cluster.port = {taken}", redis.Environment);
        var files = await FaasServer.StartAndFailAsync(
            $"{Node}faas.cluster {{ port = {FreePort.Find()}\ntls {{ certificate = \"{certificate}\", key = \"{key}\", "
            + $"authority = \"{authority.CertificateFile}\" }} }}",
            redis.Environment);

        Assert.Equal(
            (75, $"faas: faas.cluster.port = {taken}: another program has 127.0.0.1:{taken}; stop it, or set FAAS_CLUSTER_PORT to another port."),
            (port.ExitCode, port.Log.Trim()));
        Assert.Equal(
            (69, $"faas: faas.cluster.tls.certificate = {certificate}: it has no certificate in PEM that belongs to the private key in {key}."),
            (files.ExitCode, files.Log.Trim()));
    }
}
