using System.Net;
using Faas.Bench.Reports;
using Faas.Bench.Settings;
using Faas.Bench.Ways;

namespace Faas.Bench.Network;

/// <summary>
/// What the proxy of sandboxes costs: a client in one run, beside the same client without sandbox and proxy. Host and server are on this
/// machine, so the figures are those of a host that costs nothing to reach.
/// </summary>
internal sealed class NetworkRun(BenchArguments asked, CancellationToken stop)
{
    private const int Rounds = 5;
    private const int Times = 500;
    private const long Bytes = 512L << 20;

    /// <summary>Measures it. Throws <see cref="BenchException"/> or what the server's own parts throw.</summary>
    public NetworkReport Measure()
    {
        var conditions = Conditions.AtBegin(AppContext.BaseDirectory);
        using var host = new ByteHost(IPAddress.Parse("127.0.0.2"));
        using var server = new FaasUnderBench(asked.Server, "network", different:
            $$"""faas { sandbox.timeout = 5m, network { allow = ["{{host.Name}}"], addresses = ["127.0.0.2"], max-bytes = 1T } }""");
        server.WaitUntilItServes();
        NetworkClient.Upload(server, host.Name);
        Progress.Measuring("downloads and requests by the proxy, and straight");
        NetworkClient.InSandbox(server, host.Name, 1 << 20, Times); // .NET compiles the proxy's code, and compiles it better later
        var (proxied, straight) = (new List<NetworkFigures>(), new List<NetworkFigures>());
        for (var round = 0; round < Rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            straight.Add(NetworkClient.Straight(host.Name, Bytes, Times));
            proxied.Add(NetworkClient.InSandbox(server, host.Name, Bytes, Times));
        }

        return new NetworkReport(conditions.AtEnd(), proxied, straight);
    }
}
