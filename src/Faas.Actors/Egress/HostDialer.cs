using System.Net;
using System.Net.Sockets;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress;

/// <summary>
/// Connects to hosts.
/// </summary>
/// <remarks>
/// Theory of operation. A name is resolved once for each connection. Every address that it has is judged before one is dialled, and what is
/// dialled is one of these addresses, never the name: a DNS server that gives another answer to a second question is not asked a second
/// time (DNS rebinding). One forbidden address among allowed ones refuses the whole name. The addresses are tried one after the other; each
/// gets its share of the time that is left.
/// </remarks>
/// <param name="resolver">Finds addresses.</param>
/// <param name="policy">Judges them.</param>
/// <param name="server">The server's own ports.</param>
/// <param name="timeout">How long all of it may take.</param>
internal sealed class HostDialer(IHostResolver resolver, AddressPolicy policy, ServerPorts server, TimeSpan timeout)
{
    /// <summary>Connects to a host, or says why not.</summary>
    public async Task<Dialled> DialAsync(HostName host, int port, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(timeout);
        var until = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        IReadOnlyList<IPAddress> addresses;
        try
        {
            addresses = host.Address is { } address ? [address] : await resolver.ResolveAsync(host.Text, patience.Token);
        }
        catch (SocketException failure)
        {
            return Refused(EgressVerdict.Unresolved, 502, $"'{host}' has no address ({failure.SocketErrorCode})");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Refused(EgressVerdict.Unresolved, 504, $"'{host}' was not resolved in time");
        }

        foreach (var address in addresses)
        {
            if (Refusal(host, port, address) is { } refusal)
            {
                return refusal;
            }
        }

        return addresses.Count == 0
            ? Refused(EgressVerdict.Unresolved, 502, $"'{host}' has no address")
            : await DialAsync(host, addresses, port, until, cancellation);
    }

    private Dialled? Refusal(HostName host, int port, IPAddress address) =>
        policy.Refusal(address) is { } reason
            ? Refused(
                EgressVerdict.Address,
                403,
                $"'{host}' leads to an address that {reason}, and faas.network.addresses does not open it",
                address)
            : server.Contain(port) && policy.LeadsHere(address)
                ? Refused(EgressVerdict.Address, 403, $"'{host}:{port}' leads to this server itself", address)
                : null;

    private static async Task<Dialled> DialAsync(
        HostName host, IReadOnlyList<IPAddress> addresses, int port, long until, CancellationToken cancellation)
    {
        var last = SocketError.TimedOut;
        for (var at = 0; at < addresses.Count; at++)
        {
            var share = Math.Max(0, until - Environment.TickCount64) / (addresses.Count - at);
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            turn.CancelAfter(TimeSpan.FromMilliseconds(share));
            Socket? socket = null;
            try
            {
                // Fails without a free descriptor, and for an address of IPv6 where the kernel has none.
                socket = new Socket(addresses[at].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(addresses[at], port, turn.Token);
                return new Dialled(socket, addresses[at], null);
            }
            catch (SocketException failure)
            {
                last = failure.SocketErrorCode;
                socket?.Dispose();
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                last = SocketError.TimedOut;
                socket?.Dispose();
            }
            catch (OperationCanceledException)
            {
                socket?.Dispose();
                throw;
            }
        }

        return last == SocketError.TimedOut
            ? Refused(EgressVerdict.Unreachable, 504, $"'{host}:{port}' accepted no connection in time", addresses[^1])
            : Refused(EgressVerdict.Unreachable, 502, $"'{host}:{port}' accepted no connection ({last})", addresses[^1]);
    }

    private static Dialled Refused(EgressVerdict verdict, int status, string text, IPAddress? address = null) =>
        new(null, address, new EgressRefusal(verdict, status, $"faas.network: {text}."));
}

/// <summary>A connection to a host, or why there is none.</summary>
/// <param name="Socket">The connection.</param>
/// <param name="Address">The address: connected to, or refused, or tried last.</param>
/// <param name="Refusal">Why there is no connection.</param>
internal readonly record struct Dialled(Socket? Socket, IPAddress? Address, EgressRefusal? Refusal);
