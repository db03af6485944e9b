using System.Net;

namespace Faas.Actors.Egress;

/// <summary>Finds the addresses of names.</summary>
public interface IHostResolver
{
    /// <summary>Every address of a name; throws <see cref="System.Net.Sockets.SocketException"/> if it has none.</summary>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellation);
}

/// <summary>
/// Asks what the system asks for names: /etc/hosts, then the DNS servers of /etc/resolv.conf (getaddrinfo(3)). A question occupies a thread
/// of the server until it is answered, even when its asker waits no longer. So only some are asked at once; further ones wait.
/// </summary>
public sealed class SystemResolver : IHostResolver
{
    /// <summary>Questions at once.</summary>
    public const int MostAtOnce = 16;

    private static readonly SemaphoreSlim s_places = new(MostAtOnce);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellation)
    {
        await s_places.WaitAsync(cancellation);
        return await LookUpAsync(name).WaitAsync(cancellation);
    }

    private static async Task<IReadOnlyList<IPAddress>> LookUpAsync(string name)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name);
        }
        finally
        {
            s_places.Release();
        }
    }
}
