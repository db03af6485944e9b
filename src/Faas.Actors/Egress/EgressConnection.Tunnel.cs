using System.Buffers;
using System.Net.Sockets;
using Faas.Actors.Egress.Http;
using Faas.Actors.Egress.Tls;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress;

/// <summary>CONNECT, and what follows a switch to WebSocket: bytes in both directions.</summary>
internal sealed partial class EgressConnection
{
    private const int MostReadsOfHello = 64; // each reads the message from its begin

    private static readonly byte[] s_established = "HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray();

    // A fatal alert unrecognized_name (RFC 8446, section 6.2): the client's TLS library reports it by this name.
    private static readonly byte[] s_unrecognizedName = [21, 3, 3, 0, 2, 2, 112];

    private async Task<EgressRefusal?> TunnelAsync(ProxyHead head, Intake client)
    {
        await SendAsync(_client, s_established);
        _replied = true;
        var target = head.Target;
        await (_parts.Interception is { } interception && _account.Grant.Binds(target.Host, target.Port)
            ? UntilCutAsync(() => InterceptAsync(interception, target, client))
            : BothWaysAsync(UpFromHelloAsync(target, client)));
        return null;
    }

    // What the host sends flows from the beginning: in some protocols it speaks first.
    private Task BothWaysAsync(Task up) => Task.WhenAll(up, UntilCutAsync(() => PumpAsync(_host!, _client, CountDown)));

    private Task UpFromHelloAsync(ProxyTarget target, Intake client) => UntilCutAsync(async () =>
    {
        if (!await IsWrongHelloAsync(target, client, await ReadHelloAsync(client)))
        {
            await UpAsync(client);
        }
    });

    private async Task<ClientHello> ReadHelloAsync(Intake client)
    {
        ClientHello hello;
        var reads = 0;
        while ((hello = ClientHello.Read(client.Rest.Span)).Kind == HelloKind.Incomplete && client.Rest.Length < ClientHello.Most)
        {
            if (reads++ == MostReadsOfHello || await client.ReadAsync() == 0)
            {
                break;
            }

            Touch();
        }

        return hello;
    }

    // A client whose first message names another host than the tunnel is told so, and cut off.
    private async Task<bool> IsWrongHelloAsync(ProxyTarget target, Intake client, ClientHello hello)
    {
        if (client.Rest.IsEmpty || WrongHello(target, hello) is not { } refusal)
        {
            return false;
        }

        Interlocked.CompareExchange(ref _refusal, refusal, null);
        await SendAsync(_client, s_unrecognizedName);
        Cut(null);
        return true;
    }

    private async Task UpAsync(Intake client)
    {
        var first = client.Rest;
        if (!first.IsEmpty)
        {
            if (!CountUp(first.Length))
            {
                return;
            }

            await SendAsync(_host!, first);
            client.TakeAll();
        }

        await PumpAsync(_client, _host!, CountUp);
    }

    private static EgressRefusal? WrongHello(ProxyTarget target, ClientHello hello) => hello switch
    {
        { Kind: HelloKind.Other } => null,
        { Kind: not HelloKind.Hello } => EgressTexts.Mismatch(target, "does not begin with a ClientHello that can be read"),
        { Name: null } when target.Host.Address is not null => null,
        { Name: null } => EgressTexts.Mismatch(target, "names no host (SNI)"),
        { Name: { } name } => HostName.TryParse(name, out var host, out _) && host == target.Host
            ? null
            : EgressTexts.Mismatch(target, host is null ? "names no host that can be read" : $"names '{host}'"),
    };

    private static async Task PumpAsync(Socket from, Socket to, Func<int, bool> count)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var turn = 0;
            while (await from.ReceiveAsync(buffer) is var read and > 0 && count(read))
            {
                await SendAsync(to, buffer.AsMemory(0, read));
                turn = await GiveThreadBackAsync(turn + read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    // Takes the bytes that were moved since the thread was given back, and returns the same for the next turn.
    private static async ValueTask<int> GiveThreadBackAsync(int turn)
    {
        if (turn <= BytesOfTurn)
        {
            return turn;
        }

        await Task.Yield();
        return 0;
    }

    // A direction that ends by a failure ends the other one, too.
    private async Task UntilCutAsync(Func<Task> direction)
    {
        try
        {
            await direction();
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            Cut(null);
        }
    }
}
