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
/// host sends passes as it comes, and <see cref="RepliesOfHost"/> reads along. After a request that asks for a WebSocket, nothing more of
/// the client is read until the host has replied: what follows is passed without a look if it has agreed, and is a request if not. A
/// refused request gets its reply as soon as those before it have theirs. A host of a protocol in which the server speaks first waits for
/// the client here, and the client for it: a secret is bound to no such host (docs/secrets.md).
/// <see cref="SslStream.ShutdownAsync"/> while the same stream is read corrupts the memory of OpenSSL, and so of the server. So the end of
/// TLS is told to the client after the last read from it, which the end of the host's replies cancels. The host gets the end of TCP alone,
/// which is enough, since a request says itself where it ends.
/// </remarks>
internal sealed partial class EgressConnection
{
    private readonly CancellationTokenSource _repliesOver = new(); // not disposed of, as _cut
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
            var client = new Intake(bytes => inside.ReadAsync(bytes, _repliesOver.Token), buffer);
            if (refusal is null)
            {
                refusal = await PassUntilEndAsync(target, client, outside, replies, read => head = read);
            }
            else
            {
                await client.ReadHeadAsync(_parts.Options.MostHeadBytes, static _ => true);
            }

            if (refusal is null)
            {
                LeaveHost();
                await down;
                if (_repliesOver.IsCancellationRequested)
                {
                    await EndTlsAsync(inside);
                }

                return;
            }

            Interlocked.CompareExchange(ref _refusal, refusal, null);
            Volatile.Write(ref _isRefusing, true);

            // The refusal must not be taken for the reply to an earlier request, nor end within one. A host may keep the connection.
            var answered = replies.WhenAnsweredAsync();
            await ((Task)Task.WhenAny(down, answered).WaitAsync(s_linger)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            LeaveHost();
            _host!.Dispose();
            await down.WaitAsync(s_linger).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (answered.IsCompleted && down.IsCompleted)
            {
                await inside.WriteAsync(refusal.ToReply(head is { IsHead: true }));
                await EndTlsAsync(inside);
            }
        }
        finally
        {
            Cut(null);
            await down.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // No read from the client may be under way.
    private async Task EndTlsAsync(SslStream client)
    {
        await client.ShutdownAsync();
        _client.Shutdown(SocketShutdown.Send);
        await DrainAsync().WaitAsync(s_linger).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void LeaveHost()
    {
        try
        {
            _host!.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            // The host has left before.
        }
    }

    // A stream of TLS tells by any of these that a peer has left or that the connection was cut.
    private static bool IsEnd(Exception gone) => gone
        is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}
