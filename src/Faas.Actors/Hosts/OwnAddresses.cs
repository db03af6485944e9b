using System.Net;
using System.Net.NetworkInformation;

namespace Faas.Actors.Hosts;

/// <summary>The addresses of this machine's network interfaces. They are asked for each time, because they come and go.</summary>
public static class OwnAddresses
{
    /// <summary>Whether an interface has this address (getifaddrs(3)).</summary>
    public static bool Contain(IPAddress address) =>
        IPGlobalProperties.GetIPGlobalProperties().GetUnicastAddresses().Any(own => own.Address.Equals(address));
}
