using System.Buffers;
using System.Net.Sockets;
using Faas.Actors.Egress.Http;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress;

/// <summary>
/// A request that the proxy makes for the client: one request and its reply, then the connection ends.
/// </summary>
internal sealed partial class EgressConnection
{
    private async Task<EgressRefusal?> ForwardAsync(ProxyHead head, Intake client)
    {
        // Who binds a secret to port 443 means TLS. A script that asks for this port in clear text sends the placeholder.
        bool IsBound(SealedSecret secret) =>
            head.Target.Port != EgressRule.HttpsPort && secret.Hosts.Permits(head.Target.Host, head.Target.Port);
        var values = new Resealing(_sealed.All.Values.Where(IsBound));
        if (Unseal(head.Method, IsBound, head.Target.Path, head.Fields, out var unsealed) is { } refused)
        {
            return refused;
        }

        var bytes = head.With(unsealed).ToHost();
        if (!CountUp(bytes.Length))
        {
            return null;
        }

        await SendAsync(_host!, bytes);
        _sending = head.IsWebSocket ? Task.CompletedTask : SendBodyAsync(head, client);
        var refusal = await PassReplyAsync(head, client, values);
        if (refusal is null)
        {
            await _sending.WaitAsync(s_linger).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return refusal;
    }

    // Ends when the client does. What it sends behind the body is dropped: this connection carries no second request.
    private async Task SendBodyAsync(ProxyHead head, Intake client)
    {
        try
        {
            if (await PassBodyAsync(head.Body, client, part => SendAsync(_host!, part)) is { } wrong)
            {
                Interlocked.CompareExchange(ref _refusal, wrong, null);
                _host!.Dispose();
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The host takes no more of the body, and may still reply.
        }

        await DrainAsync();
        if (!Volatile.Read(ref _ended))
        {
            Cut(null);
        }
    }

    // Ends with the body, with the client, or with the reason for which the body is refused.
    private async Task<EgressRefusal?> PassBodyAsync(
        BodyFraming framing, Intake client, Func<ReadOnlyMemory<byte>, ValueTask> send)
    {
        var (body, turn) = (new RequestBody(framing), 0);
        while (!body.IsOver)
        {
            if (client.Rest.IsEmpty && await client.ReadAsync() == 0)
            {
                Cut(null); // the client has left within the body
                return null;
            }

            var part = client.Rest[..body.Take(client.Rest.Span)];
            if (body.IsWrong)
            {
                return EgressRefusal.Malformed("the body of the request is not chunked as it says.");
            }

            if (!CountUp(part.Length))
            {
                return null;
            }

            await send(part);
            client.Take(part.Length);
            turn = await GiveThreadBackAsync(turn + part.Length);
        }

        return null;
    }

    private async Task<EgressRefusal?> PassReplyAsync(ProxyHead head, Intake client, Resealing values)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var host = new Intake(_host!, buffer);
            ReplyHead reply;
            do
            {
                var (read, wrong) = await ReadReplyAsync(host, head);
                if (read is null)
                {
                    return wrong;
                }

                reply = read;
                _replied = !reply.IsInterim;
                if (_replied || head.Minor > 0)
                {
                    await SendAsync(_client, reply.With(values).ToClient());
                }
            }
            while (!_replied);

            if (!CountDown(host.Rest.Length))
            {
                return null;
            }

            await SendAsync(_client, host.Rest);
            if (reply.IsSwitch)
            {
                await BothWaysAsync(UntilCutAsync(() => UpAsync(client)));
                return null;
            }

            await PumpAsync(_host!, _client, CountDown);
            return null;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException && !_cut.IsCancellationRequested)
        {
            return _refusal ?? (_replied ? null : EgressTexts.BadReply(head.Target, "did not come"));
        }
        finally
        {
            Volatile.Write(ref _ended, true);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<(ReplyHead? Reply, EgressRefusal? Wrong)> ReadReplyAsync(Intake host, ProxyHead head)
    {
        var most = _parts.Options.MostHeadBytes;
        var length = await host.ReadHeadAsync(most, static _ => true);
        if (length == 0 || length > most)
        {
            return (null, EgressTexts.BadReply(head.Target, length == 0 ? "did not come" : $"has a head of more than {most} bytes"));
        }

        if (!ReplyHead.TryParse(host.Rest.Span[..length], out var reply, out var wrong))
        {
            return (null, EgressTexts.BadReply(head.Target, wrong));
        }

        if (reply.IsSwitch && !head.IsWebSocket)
        {
            return (null, EgressTexts.BadReply(head.Target, "switches to a protocol that was not asked for"));
        }

        host.Take(length);
        return CountDown(length) ? (reply, null) : (null, null);
    }
}
