using System.Net;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>
/// Real servers that are nodes of one cluster, with one Redis and one authority: each at an address of its own of loopback, or in a network
/// namespace of its own. The first three are the seeds.
/// </summary>
internal sealed class NodesUnderTest : IAsyncDisposable
{
    private readonly RedisServer? _redis;
    private readonly (string Name, string Value)[] _store;
    private readonly int _port = FreePort.Find();
    private readonly List<FaasServer> _started = [];
    private readonly Dictionary<int, int> _httpPorts = [];

    private readonly string _settings;
    private readonly NetworkUnderTest? _network;
    private readonly List<SlowLink> _links = [];
    private readonly Dictionary<int, int> _listenPorts = [];

    private NodesUnderTest(RedisServer? redis, (string, string)[] store, string settings, NetworkUnderTest? network) =>
        (_redis, _store, _settings, _network) = (redis, store, settings, network);

    /// <summary>The authority whose nodes are let in.</summary>
    public TestAuthority Authority { get; } = new();

    /// <summary>What each node that was started has said.</summary>
    public string Logs => string.Join('\n', _started.Select(server => $"process {server.Pid}:\n{server.Log}"));

    /// <summary>A cluster without nodes.</summary>
    /// <param name="settings">HOCON for every node.</param>
    /// <param name="network">Has a namespace for each node; null: all nodes are at loopback.</param>
    public static async Task<NodesUnderTest> CreateAsync(string settings = "", NetworkUnderTest? network = null)
    {
        if (network is null)
        {
            var redis = await RedisServer.StartAsync();
            return new NodesUnderTest(redis, redis.Environment, settings, network);
        }

        var reached = await RedisServer.StartAsync(null, "--bind", "127.0.0.1", network.HostOn(Link.Store));
        return new NodesUnderTest(reached, [.. reached.Environment, ("REDIS_HOST", network.HostOn(Link.Store))], settings, network);
    }

    /// <summary>A cluster without nodes, on a Redis of the test's own.</summary>
    /// <param name="store">The variables that send a server to it.</param>
    public static NodesUnderTest On(params (string Name, string Value)[] store) => new(null, store, "", null);

    /// <summary>From its next start on, the others reach a node by a <see cref="SlowLink"/>.</summary>
    /// <param name="node">Its number, from 1.</param>
    /// <param name="delay">In each direction.</param>
    /// <param name="bytesPerSecond">In each direction of each connection.</param>
    public void Slow(int node, TimeSpan delay, int bytesPerSecond)
    {
        _listenPorts[node] = FreePort.Find();
        _links.Add(new SlowLink(new IPEndPoint(IPAddress.Parse(HostOf(node)), _port), _listenPorts[node], delay, bytesPerSecond));
    }

    /// <summary>Where the others find a node.</summary>
    public string AddressOf(int node) => $"{HostOf(node)}:{_port}";

    /// <summary>Where clients find a node from its next start on, also after a later one.</summary>
    public Uri HttpAddressOf(int node)
    {
        _httpPorts.TryAdd(node, FreePort.Find());
        return new Uri($"http://127.0.0.1:{_httpPorts[node]}");
    }

    /// <summary>Starts a node and waits until it listens, so it is a member then.</summary>
    /// <param name="node">Its number, from 1.</param>
    public async Task<FaasServer> StartAsync(int node)
    {
        var server = await FaasServer.StartWithinAsync(
            _network?.Within(node) ?? [],
            SettingsOf(node, Authority),
            [.. _store, ("HTTP_PORT", $"{_httpPorts.GetValueOrDefault(node)}")]);
        lock (_started)
        {
            _started.Add(server);
        }

        return server;
    }

    /// <summary>
    /// Starts a node that was cut off, again while it ends with 76, as systemd does: right after the cut, connections of Akka may still
    /// wait before they are tried anew.
    /// </summary>
    /// <param name="node">Its number, from 1.</param>
    public async Task<FaasServer> StartAgainAsync(int node)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartAsync(node);
            }
            catch (ServerStartException given)
                when (attempt < 3 && given.Message.StartsWith("The server ended with 76", StringComparison.Ordinal))
            {
                // The next attempt follows.
            }
        }
    }

    /// <summary>Starts a node that has another authority and believes only in that one; returns its exit code and what it said.</summary>
    public async Task<(int ExitCode, string Log)> StartStrangerAsync(int node)
    {
        using var other = new TestAuthority();
        return await FaasServer.StartAndFailAsync($"{SettingsOf(node, other)}\nfaas.cluster.join-timeout = 10s", _store);
    }

    /// <summary>
    /// The members that a node sees, in the order of their addresses, each as <c>address state</c>, with a <c>!</c> if it does not answer.
    /// </summary>
    public static async Task<string> MembersAsync(FaasServer server)
    {
        using var view = JsonDocument.Parse(await server.Client.GetStringAsync(new Uri("/api/v1/cluster", UriKind.Relative)));
        return string.Join(", ", view.RootElement.GetProperty("members").EnumerateArray().Select(member =>
            $"{member.GetProperty("address").GetString()} {member.GetProperty("state").GetString()}"
            + (member.GetProperty("reachable").GetBoolean() ? "" : "!")));
    }

    /// <summary>Waits until each of these nodes sees these members, all of them up and reachable.</summary>
    public Task SeeAsync(IEnumerable<FaasServer> servers, IEnumerable<int> members, TimeSpan within)
    {
        var expected = string.Join(", ", members.Select(node => $"{AddressOf(node)} up"));
        return Task.WhenAll(servers.Select(async server =>
        {
            var seen = "";
            await Eventually.HoldsAsync(
                async () => (seen = await MembersAsync(server)) == expected, within, () => $"{seen}\nand not\n{expected}\n{server.Log}");
        }));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _started)
        {
            await server.DisposeAsync();
            if (Directory.Exists(server.Folder))
            {
                Directory.Delete(server.Folder, recursive: true);
            }
        }

        await Task.WhenAll(_links.Select(link => link.DisposeAsync().AsTask()));
        await (_redis?.DisposeAsync() ?? ValueTask.CompletedTask);
        Authority.Dispose();
    }

    private string HostOf(int node) => _network?.AddressOf(Link.Cluster, node) ?? $"127.0.0.{node}";

    private string SettingsOf(int node, TestAuthority authority)
    {
        var (certificate, key) = authority.Sign($"node-{node}");
        return $$"""
            faas.store.redis.lease = 0
            {{_settings}}
            faas.pool { running = 1, spares.node = 0, spares.python = 0 }
            faas.sandbox.start-timeout = 60s
            {{(_network is null ? "" : $"faas.http {{ host = \"{_network.AddressOf(Link.Callers, node)}\", allow-anonymous = true }}")}}
            faas.cluster {
              enabled = true
              host = "{{HostOf(node)}}"
              port = {{_port}}
              listen = "{{(_listenPorts.TryGetValue(node, out var listen) ? $"{HostOf(node)}:{listen}" : "")}}"
              seeds = ["{{string.Join("\", \"", Enumerable.Range(1, 3).Select(AddressOf))}}"]
              tls { certificate = "{{certificate}}", key = "{{key}}", authority = "{{authority.CertificateFile}}" }
            }
            """;
    }
}
