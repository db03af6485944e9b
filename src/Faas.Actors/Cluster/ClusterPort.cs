using System.Net;
using System.Net.Sockets;

namespace Faas.Actors.Cluster;

/// <summary>Finds out at the start whether this node can take connections where its settings say.</summary>
public static class ClusterPort
{
    /// <summary>Listens there for a moment. Throws <see cref="ClusterStartException"/>.</summary>
    /// <param name="address">Where the node is to listen.</param>
    /// <param name="isListen">Whether <c>faas.cluster.listen</c> says so, and not host and port.</param>
    public static void Try(ClusterAddress address, bool isListen = false)
    {
        try
        {
            using var listener = new TcpListener(Resolve(address.Host), address.Port);
            listener.Start();
        }
        catch (SocketException refused)
        {
            throw new ClusterStartException(isListen ? WhyNotListen(address, refused) : Why(address, refused), refused)
            {
                MayPass = refused.SocketErrorCode != SocketError.AccessDenied,
            };
        }
    }

    // As Akka's transport resolves a name: the last address of IPv4.
    private static IPAddress Resolve(string host) => IPAddress.TryParse(host, out var address)
        ? address
        : Dns.GetHostAddresses(host).LastOrDefault(found => found.AddressFamily == AddressFamily.InterNetwork)
            ?? throw new SocketException((int)SocketError.HostNotFound);

    private static string WhyNotListen(ClusterAddress address, SocketException refused) =>
        $"faas.cluster.listen = {address}: " + refused.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "another program has it; stop that, or set FAAS_CLUSTER_LISTEN to another port.",
            SocketError.AccessDenied => "this user may not listen there; set FAAS_CLUSTER_LISTEN to a port from 1024 on.",
            SocketError.AddressNotAvailable => "not an address of this machine; set FAAS_CLUSTER_LISTEN to one that is.",
            _ => $"{refused.Message}.",
        };

    private static string Why(ClusterAddress address, SocketException refused) => refused.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"faas.cluster.port = {address.Port}: another program has {address}; stop it, or set FAAS_CLUSTER_PORT to another port.",
        SocketError.AccessDenied =>
            $"faas.cluster.port = {address.Port}: this user may not listen there; set FAAS_CLUSTER_PORT to a port from 1024 on.",
        SocketError.AddressNotAvailable =>
            $"faas.cluster.host = {address.Host}: not an address of this machine; set FAAS_CLUSTER_HOST to one that is.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            $"faas.cluster.host = {address.Host}: no name of an address of this machine; set FAAS_CLUSTER_HOST to one that is.",
        _ => $"faas.cluster.host = {address.Host}, faas.cluster.port = {address.Port}: {refused.Message}.",
    };
}
