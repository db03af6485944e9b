using System.Net;

namespace Faas.Actors.Egress;

/// <summary>Finds the addresses of names.</summary>
public interface IHostResolver
{
    /// <summary>Every address of a name; throws <see cref="System.Net.Sockets.SocketException"/> if it has none.</summary>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellation);
}

/// <summary>Asks what the system asks for names: /etc/hosts, then the DNS servers of /etc/resolv.conf (getaddrinfo(3)).</summary>
public sealed class SystemResolver : IHostResolver
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellation) =>
        await Dns.GetHostAddressesAsync(name, cancellation);
}
