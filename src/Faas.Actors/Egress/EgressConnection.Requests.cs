using System.Buffers;
using System.Net.Security;
using Faas.Actors.Egress.Http;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress;

/// <summary>What passes inside a tunnel of which the proxy ends TLS: requests one way, replies the other.</summary>
internal sealed partial class EgressConnection
{
    private async Task<EgressRefusal?> PassUntilEndAsync(
        ProxyTarget target, Intake client, Stream host, RepliesOfHost replies, Action<InnerHead?> began)
    {
        try
        {
            return await PassRequestsAsync(target, client, host, replies, began);
        }
        catch (OperationCanceledException) when (_repliesOver.IsCancellationRequested)
        {
            return null; // the host has ended the connection, perhaps in the middle of a request
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
                await _repliesOver.CancelAsync();
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
}
