using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Faas.Actors.Egress.Tls;
using Faas.Actors.Hosts;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.Egress;

/// <summary>
/// The proxy through which sandboxes reach hosts.
/// </summary>
/// <remarks>
/// Theory of operation. A sandbox has no network but its own loopback, on which the server holds a listening socket (a socket belongs to
/// the network namespace that it was made in, whichever process holds it). Clients in the sandbox find it by <c>HTTP_PROXY</c>. Which
/// sandbox asks is known by the socket that accepts, so no password is needed and no sandbox can ask in another one's name. Connections to
/// hosts are made by the server, in the server's own namespace. <see cref="IEgressDoor.Admit"/> says whose run is in the sandbox.
/// <see cref="EgressConnection"/> serves one connection, <see cref="HostDialer"/> resolves and connects, and what is pure stands beside
/// them: the rules and addresses in the room Hosts, the heads of HTTP in Http/, the first message of TLS and the authority in Tls/.
/// </remarks>
public sealed class EgressProxy : IEgressProxy
{
    /// <summary>Connections past the limit of all sandboxes that are told so; more are closed without a word.</summary>
    public const int MostTold = 64;

    private readonly EgressParts _parts;
    private readonly ConnectionCount _connections;
    private readonly ConnectionCount _told = new(MostTold);

    /// <summary>A proxy.</summary>
    /// <param name="options">Its limits.</param>
    /// <param name="resolver">Finds the addresses of names.</param>
    /// <param name="policy">Which addresses may be dialled.</param>
    /// <param name="server">The ports of this server.</param>
    /// <param name="meters">Counts.</param>
    /// <param name="log">Where the audit is written.</param>
    /// <param name="roots">The authorities that sign the certificates of hosts; null: those that the system trusts.</param>
    public EgressProxy(
        EgressOptions options,
        IHostResolver resolver,
        AddressPolicy policy,
        ServerPorts server,
        EgressMeters meters,
        ILogger<EgressProxy> log,
        X509Certificate2Collection? roots = null)
    {
        _parts = new EgressParts(options, new HostDialer(resolver, policy, server, options.ConnectTimeout), meters, log)
        {
            Interception = options.Authority is { } authority ? new Interception(authority, roots) : null,
        };
        _connections = new ConnectionCount(options.MostConnections);
    }

    /// <inheritdoc/>
    public IEgressDoor Open(Socket listener) => new EgressDoor(listener, _parts, _connections, _told);
}
