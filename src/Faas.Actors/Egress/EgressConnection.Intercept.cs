using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Faas.Actors.Egress.Http;
using Faas.Actors.Egress.Tls;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress;

/// <summary>
/// CONNECT to a host that a sealed secret of the run is bound to, where the operator lets the proxy end TLS.
/// </summary>
/// <remarks>
/// Theory of operation. The proxy is the host towards the client, by a certificate of its own authority, and the client towards the host,
/// whose certificate it verifies. What the client sends is read request by request, and values take the place of placeholders. What the
/// host sends passes as it comes, and <see cref="RepliesOfHost"/> reads along. After a request that asks for a WebSocket, nothing more of
/// the client is read until the host has replied: what follows is passed without a look if it has agreed, and is a request if not. A
/// refused request gets its reply as soon as those before it have theirs. A host of a protocol in which the server speaks first waits for
/// the client here, and the client for it: a secret is bound to no such host (docs/secrets.md).
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
            await Task.Run(() => inside.AuthenticateAsServerAsync(interception.AsHost(target.Host), _cut.Token));
            first.Opened();
            Touch();
            await using var network = new FirstBytesStream(_host!);
            await using var outside = new SslStream(network);
            var refusal = await ShakeHandsAsync(interception, target, outside);
            network.Opened();
            await ServeAsync(target, inside, outside, refusal);
        }
        catch (AuthenticationException) when (!_cut.IsCancellationRequested)
        {
            Cut(EgressTexts.Mismatch(target, "was not accepted by the client, which may not trust the certificate of this server's proxy"));
        }
        catch (AuthorityException ended)
        {
            Cut(EgressTexts.Unsigned(target, ended.Message));
        }
        catch (Exception gone) when (IsEnd(gone) || gone is AuthenticationException)
        {
            Cut(null);
        }
    }

    private async Task<EgressRefusal?> ShakeHandsAsync(Interception interception, ProxyTarget target, SslStream outside)
    {
        var why = "does not speak TLS as this server does";
        try
        {
            await Task.Run(() => outside.AuthenticateAsClientAsync(interception.AsClient(target.Host, said => why = said), _cut.Token));
            Touch();
            return null;
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException && !_cut.IsCancellationRequested)
        {
            return EgressTexts.Untrusted(target, why);
        }
    }

    private async Task ServeAsync(ProxyTarget target, SslStream inside, SslStream outside, EgressRefusal? refusal)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var replies = new RepliesOfHost(_parts.Options.MostHeadBytes);
        var down = refusal is null ? DownAsync(outside, inside, replies) : Task.CompletedTask;
        try
        {
            InnerHead? head = null;
            var client = new Intake(bytes => inside.ReadAsync(bytes), buffer);
            if (refusal is null)
            {
                refusal = await PassRequestsAsync(target, client, outside, replies, read => head = read);
            }
            else
            {
                await client.ReadHeadAsync(_parts.Options.MostHeadBytes, static _ => true);
            }

            if (refusal is null)
            {
                await LeaveHostAsync(outside);
                await down;
                return;
            }

            Interlocked.CompareExchange(ref _refusal, refusal, null);
            Volatile.Write(ref _isRefusing, true);

            // The refusal must not be taken for the reply to an earlier request, nor end within one. A host may keep the connection.
            var answered = replies.WhenAnsweredAsync();
            await ((Task)Task.WhenAny(down, answered).WaitAsync(s_linger)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await LeaveHostAsync(outside);
            _host!.Dispose();
            await down.WaitAsync(s_linger).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (answered.IsCompleted && down.IsCompleted)
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
    private async Task<EgressRefusal?> PassRequestsAsync(
        ProxyTarget target, Intake client, Stream host, RepliesOfHost replies, Action<InnerHead?> began)
    {
        bool IsBound(SealedSecret secret) => secret.Hosts.Permits(target.Host, target.Port);
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
            if (Unseal(head.Method, IsBound, head.Path, head.Fields, out var unsealed) is { } refusal)
            {
                return refusal;
            }

            client.Take(length);
            var bytes = head.ToHost(unsealed);
            if (!CountUp(bytes.Length))
            {
                return null;
            }

            Task<bool>? switching = null;
            if (head.IsWebSocket)
            {
                switching = replies.ExpectSwitch();
            }
            else
            {
                replies.Expect(head.IsHead);
            }

            await host.WriteAsync(bytes);
            if (await PassBodyAsync(head.Body, client, part => host.WriteAsync(part)) is { } unsound)
            {
                replies.TakeBack();
                return unsound;
            }

            if (switching is not null && await switching)
            {
                await PassAsync(client, host);
                return null;
            }
        }
    }

    private async Task PassAsync(Intake client, Stream host)
    {
        var turn = 0;
        while ((!client.Rest.IsEmpty || await client.ReadAsync() > 0) && CountUp(client.Rest.Length))
        {
            await host.WriteAsync(client.Rest);
            turn = await GiveThreadBackAsync(turn + client.Rest.Length);
            client.TakeAll();
        }
    }

    private async Task DownAsync(SslStream host, SslStream client, RepliesOfHost replies)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var turn = 0;
            while (await host.ReadAsync(buffer) is var read and > 0 && CountDown(read))
            {
                await client.WriteAsync(buffer.AsMemory(0, read));
                replies.Passed(buffer.AsSpan(0, read));
                turn = await GiveThreadBackAsync(turn + read);
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
            replies.End();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A stream of TLS tells by any of these that a peer has left or that the connection was cut.
    private static bool IsEnd(Exception gone) => gone
        is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}
