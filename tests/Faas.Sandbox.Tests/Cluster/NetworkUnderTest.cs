using System.Diagnostics;
using System.Globalization;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>A link of a node to one of the networks.</summary>
internal enum Link
{
    /// <summary>To the other nodes.</summary>
    Cluster = 77,

    /// <summary>To the callers, which are in the test's own namespace.</summary>
    Callers = 78,

    /// <summary>To Redis, which is in the test's own namespace.</summary>
    Store = 79,
}

/// <summary>
/// Networks that exist for one test, and for each node a namespace (network_namespaces(7)) with a link to each of them. Needs root.
/// <para>
/// Theory of operation. Each network is a bridge, and all bridges are in a namespace of their own, the hub. A link is a pair of virtual
/// Ethernet devices (veth(4)): one end in the node's namespace, the other one a port of the bridge. To cut a link is to take that end out
/// of the bridge: what is sent into it then vanishes, and no one is told. A shell that waits for the end of its stdin keeps each
/// namespace; so they all go with the test host, however that ends.
/// </para>
/// </summary>
internal sealed class NetworkUnderTest : IDisposable
{
    private const int Host = 254;
    private readonly int _net = Environment.ProcessId % 250;
    private readonly Dictionary<int, Process> _nodes = [];
    private readonly Process _hub = Namespace();

    /// <summary>The networks, and a namespace for each node.</summary>
    /// <param name="nodes">Their numbers are from 1.</param>
    public NetworkUnderTest(int nodes)
    {
        foreach (var link in Enum.GetValues<Link>())
        {
            InHub($"ip link add {BridgeOf(link)} type bridge && ip link set {BridgeOf(link)} up");
        }

        foreach (var link in (Link[])[Link.Callers, Link.Store])
        {
            var own = string.Create(CultureInfo.InvariantCulture, $"faas{Environment.ProcessId}-{(int)link}");
            Run($"ip link add {own} type veth peer name host{(int)link} netns {_hub.Id}");
            Run($"ip addr add {AddressOf(link, Host)}/24 dev {own} && ip link set {own} up");
            InHub($"ip link set host{(int)link} master {BridgeOf(link)} up");
        }

        for (var node = 1; node <= nodes; node++)
        {
            _nodes.Add(node, Namespace());
            Run($"nsenter --net=/proc/{_nodes[node].Id}/ns/net ip link set lo up");
            foreach (var link in Enum.GetValues<Link>())
            {
                InHub($"ip link add {PortOf(link, node)} type veth peer name link{(int)link} netns {_nodes[node].Id}");
                InHub($"ip link set {PortOf(link, node)} master {BridgeOf(link)} up");
                Run($"nsenter --net=/proc/{_nodes[node].Id}/ns/net sh -c '"
                    + $"ip addr add {AddressOf(link, node)}/24 dev link{(int)link} && ip link set link{(int)link} up'");
            }
        }
    }

    /// <summary>Where callers and nodes find the test's own namespace.</summary>
    public string HostOn(Link link) => AddressOf(link, Host);

    /// <summary>A node's address on a network.</summary>
    public string AddressOf(Link link, int node) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{(int)link}.{_net}.{node}");

    /// <summary>What stands before a command that is to run in a node's namespace.</summary>
    public string[] Within(int node) => ["nsenter", $"--net=/proc/{_nodes[node].Id}/ns/net"];

    /// <summary>What is sent over the link vanishes from now on.</summary>
    public void Cut(Link link, int node) => InHub($"ip link set {PortOf(link, node)} nomaster");

    /// <summary>The link is as before.</summary>
    public void Heal(Link link, int node) => InHub($"ip link set {PortOf(link, node)} master {BridgeOf(link)}");

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var shell in _nodes.Values.Append(_hub))
        {
            shell.StandardInput.Close();
            shell.WaitForExit();
            shell.Dispose();
        }
    }

    private static string BridgeOf(Link link) => $"bridge{(int)link}";

    private static string PortOf(Link link, int node) => $"port{(int)link}-{node}";

    private static Process Namespace()
    {
        var shell = Process.Start(new ProcessStartInfo("unshare", ["--net", "sh", "-c", "echo; read -r _ || true"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.NotNull(shell.StandardOutput.ReadLine()); // it is in its namespace
        return shell;
    }

    private void InHub(string command) => Run($"nsenter --net=/proc/{_hub.Id}/ns/net sh -c '{command}'");

    private static void Run(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardError = true })!;
        var said = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, $"{command}: {said}");
    }
}
