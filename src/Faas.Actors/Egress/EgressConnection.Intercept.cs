using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Faas.Actors.Egress.Http;
using Faas.Actors.Egress.Tls;

namespace Faas.Actors.Egress;

/// <summary>
/// CONNECT to a host that a sealed secret of the run is bound to, where the operator lets the proxy end TLS.
/// </summary>
/// <remarks>
/// Theory of operation. The proxy is the host towards the client, by a certificate of its own authority, and the client towards the host,
/// whose certificate it verifies. What the client sends is read request by request, and values take the place of placeholders. What the
/// host sends passes as it comes. After a request that asks for a WebSocket, the first byte tells whether the host has agreed: a frame does
/// not begin with a letter (RFC 6455, section 5.2), and a request does. A refused request gets its reply when those before it have theirs.
/// </remarks>
internal sealed partial class EgressConnection
{
    private bool _isRefusing;

    private async Task InterceptAsync(Interception interception, ProxyTarget target, Intake client)
    {
        var hello = await ReadHelloAsync(client);
        if (await IsWrongHelloAsync(target, client, hello))
        {
            return;
        }

        if (hello.Kind != HelloKind.Hello)
        {
            await BothWaysAsync(UntilCutAsync(() => UpAsync(client)));
            return;
        }

        try
        {
            await using var first = new FirstBytesStream(_client, client.Rest);
            await using var inside = new SslStream(first);
            await inside.AuthenticateAsServerAsync(interception.AsHost(target.Host), _cut.Token);
            Touch();
            await using var network = new NetworkStream(_host!, ownsSocket: false);
            await using var outside = new SslStream(network);
            var refusal = await ShakeHandsAsync(interception, target, outside);
            await ServeAsync(target, inside, outside, refusal);
        }
        catch (AuthenticationException)
        {
            Cut(EgressTexts.Mismatch(target, "was not accepted by the client, which may not trust the certificate of this server's proxy"));
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            Cut(null);
        }
    }

    private async Task<EgressRefusal?> ShakeHandsAsync(Interception interception, ProxyTarget target, SslStream outside)
    {
        var why = "does not speak TLS as this server does";
        try
        {
            await outside.AuthenticateAsClientAsync(interception.AsClient(target.Host, said => why = said), _cut.Token);
            Touch();
            return null;
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException)
        {
            return EgressTexts.Untrusted(target, why);
        }
    }

    private async Task ServeAsync(ProxyTarget target, SslStream inside, SslStream outside, EgressRefusal? refusal)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var down = refusal is null ? DownAsync(outside, inside) : Task.CompletedTask;
        try
        {
            InnerHead? head = null;
            var client = new Intake(bytes => inside.ReadAsync(bytes), buffer);
            if (refusal is null)
            {
                refusal = await PassRequestsAsync(target, client, outside, read => head = read);
            }
            else
            {
                await client.ReadHeadAsync(_parts.Options.MostHeadBytes, static _ => true);
            }

            if (refusal is not null)
            {
                Interlocked.CompareExchange(ref _refusal, refusal, null);
                Volatile.Write(ref _isRefusing, true);
            }

            await LeaveHostAsync(outside);
            if (refusal is null)
            {
                await down;
                return;
            }

            await down.WaitAsync(s_linger).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (down.IsCompleted)
            {
                await inside.WriteAsync(refusal.ToReply(head is { IsHead: true }));
                await inside.ShutdownAsync();
                _client.Shutdown(SocketShutdown.Send);
                await DrainAsync().WaitAsync(s_linger).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            Cut(null);
            await down.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task LeaveHostAsync(SslStream outside)
    {
        try
        {
            if (outside.IsAuthenticated)
            {
                await outside.ShutdownAsync();
            }

            _host!.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            // The host has left before.
        }
    }

    // Ends when the client does, or with the reason for which a request is refused.
    private async Task<EgressRefusal?> PassRequestsAsync(ProxyTarget target, Intake client, Stream host, Action<InnerHead?> began)
    {
        var most = _parts.Options.MostHeadBytes;
        while (true)
        {
            began(null);
            var length = await client.ReadHeadAsync(most, static bytes => ProxyHead.CanBegin(bytes.Span));
            if (length == 0 && client.Rest.IsEmpty)
            {
                return null;
            }

            if (length == 0 || length > most)
            {
                return length == 0 ? EgressTexts.OtherProtocol : EgressTexts.LongHead(most);
            }

            if (!InnerHead.TryParse(client.Rest.Span[..length], target, out var head, out var wrong))
            {
                return EgressRefusal.Malformed(wrong);
            }

            began(head);
            if (Unseal(target, head.Path, head.Fields, out var unsealed) is { } refusal)
            {
                return refusal;
            }

            client.Take(length);
            var bytes = head.ToHost(unsealed);
            if (!CountUp(bytes.Length))
            {
                return null;
            }

            await host.WriteAsync(bytes);
            if (await PassBodyAsync(head.Body, client, host) is { } unsound)
            {
                return unsound;
            }

            if (head.IsUpgrade && await HasSwitchedAsync(client))
            {
                await PassAsync(client, host);
                return null;
            }
        }
    }

    private async Task<EgressRefusal?> PassBodyAsync(BodyFraming framing, Intake client, Stream host)
    {
        var body = new RequestBody(framing);
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

            await host.WriteAsync(part);
            client.Take(part.Length);
        }

        return null;
    }

    private static async Task<bool> HasSwitchedAsync(Intake client) =>
        (!client.Rest.IsEmpty || await client.ReadAsync() > 0) && !ProxyHead.CanBegin(client.Rest.Span);

    private async Task PassAsync(Intake client, Stream host)
    {
        while ((!client.Rest.IsEmpty || await client.ReadAsync() > 0) && CountUp(client.Rest.Length))
        {
            await host.WriteAsync(client.Rest);
            client.TakeAll();
        }
    }

    private async Task DownAsync(SslStream host, SslStream client)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await host.ReadAsync(buffer) is var read and > 0 && CountDown(read))
            {
                await client.WriteAsync(buffer.AsMemory(0, read));
            }

            if (!Volatile.Read(ref _isRefusing))
            {
                await client.ShutdownAsync();
                _client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            if (!Volatile.Read(ref _isRefusing))
            {
                Cut(null);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A stream of TLS tells by any of these that a peer has left or that the connection was cut.
    private static bool IsEnd(Exception gone) => gone
        is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}
