using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;

namespace Faas.Actors.Cluster;

/// <summary>Where a node of the cluster takes connections of the others, written <c>host:port</c>.</summary>
/// <param name="Host">An IP address, in brackets if it is one of IPv6, or a name.</param>
/// <param name="Port">A TCP port, 1-65535.</param>
public readonly record struct ClusterAddress(string Host, int Port)
{
    /// <summary>The order of addresses by which Akka breaks a tie: by host, then by port.</summary>
    public static IComparer<ClusterAddress> Order { get; } = Comparer<ClusterAddress>.Create((one, other) =>
        string.CompareOrdinal(one.Host, other.Host) is var order and not 0 ? order : one.Port.CompareTo(other.Port));

    /// <summary>Whether only programs of this machine reach it.</summary>
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads a host as it is written in settings; null: it is none, or it stands for every address.</summary>
    public static string? HostOf(string text) => Uri.CheckHostName(text) switch
    {
        UriHostNameType.Dns => text.ToLowerInvariant(),
        UriHostNameType.IPv4 when IPAddress.Parse(text) is var address && !address.Equals(IPAddress.Any) => address.ToString(),
        UriHostNameType.IPv6 when IPAddress.Parse(text) is var address && !address.Equals(IPAddress.IPv6Any) => $"[{address}]",
        _ => null,
    };

    /// <summary>Reads <c>host:port</c>; null: it is none.</summary>
    public static ClusterAddress? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && HostOf(text[..colon]) is { } host
            && (!host.StartsWith('[') || text.StartsWith('['))
            && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
            ? new ClusterAddress(host, port)
            : null;
    }

    /// <summary>
    /// Reads <c>address:port</c>, where a node listens: an IP address, which may stand for every address of the machine. Null: it is none.
    /// </summary>
    public static ClusterAddress? ParseLocal(string text) =>
        !IPEndPoint.TryParse(text, out var place) || place.Port == 0 ? null
        : place.AddressFamily == AddressFamily.InterNetworkV6 ? new ClusterAddress($"[{place.Address}]", place.Port)
        : new ClusterAddress($"{place.Address}", place.Port);

    /// <summary>The same for Akka.</summary>
    /// <param name="self">The address of this node: all nodes have its protocol and its name of the actor system.</param>
    internal Address ToAkka(Address self) => self.WithHost(Host).WithPort(Port);

    /// <summary>The address of a member.</summary>
    internal static ClusterAddress Of(Address address) => new(address.Host, address.Port ?? 0);

    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Port}";
}
