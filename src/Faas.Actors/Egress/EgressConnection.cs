using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Faas.Actors.Egress.Http;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress;

/// <summary>
/// One connection of a sandbox: a request, the judgement about it, and what passes between client and host.
/// </summary>
/// <remarks>
/// Theory of operation. The head of the request is read and parsed, the rules of the run are asked, the host is dialled. From then on two
/// loops move bytes, one for each direction, each with one pooled buffer: a loop reads no more before it has written what it has read, so a
/// slow receiver holds the sender back through both sockets, and nothing else is held in memory. A loop gives its thread back after some
/// hundred kilobytes, since this may be a thread that waits for all sockets of the server.
/// The end of a connection is one act, <see cref="Cut"/>, which disposes of both sockets and so ends every read and write. The clock, a
/// limit, the end of the door and the failure of a peer all end in it. Bytes are counted when they are read for the other side; what is
/// read and dropped is not. While a host is dialled, the time to connect is the limit, and nobody is idle.
/// </remarks>
internal sealed partial class EgressConnection : IDisposable
{
    private const int BufferBytes = 64 << 10;
    private const int BytesOfTurn = 256 << 10;
    private const int ClockDivisor = 4;

    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(10);

    private readonly Socket _client;
    private readonly EgressAccount _account;
    private readonly SealedInForce _sealed;
    private readonly EgressParts _parts;
    private readonly EgressRefusal? _refusedBefore;
    private readonly CancellationTokenSource _cut = new(); // not disposed of: the clock may still cut, and it holds nothing
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly Timer _clock;

    private long _last = Environment.TickCount64;
    private long _up;
    private long _down;
    private Socket? _host;
    private ProxyTarget? _target;
    private EgressRule? _rule;
    private IPAddress? _address;
    private EgressRefusal? _refusal;
    private readonly SortedSet<string> _put = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _withheld = new(StringComparer.Ordinal);
    private bool _isDialling;
    private bool _replied;
    private bool _ended;
    private Task _sending = Task.CompletedTask;

    /// <summary>A connection that was accepted.</summary>
    /// <param name="client">Its socket, which it owns from now on.</param>
    /// <param name="account">The run's.</param>
    /// <param name="sealedOnes">The sealed secrets of the sandbox's runs.</param>
    /// <param name="parts">What it needs.</param>
    /// <param name="refusal">Why it is refused whatever it asks for; null: it is not.</param>
    public EgressConnection(
        Socket client, EgressAccount account, SealedInForce sealedOnes, EgressParts parts, EgressRefusal? refusal)
    {
        (_client, _account, _sealed, _parts, _refusedBefore) = (client, account, sealedOnes, parts, refusal);
        var options = parts.Options;
        var tick = (options.IdleTimeout < options.MostTime ? options.IdleTimeout : options.MostTime) / ClockDivisor;
        _clock = new Timer(static self => ((EgressConnection)self!).Tick(), this, tick, tick);
    }

    /// <summary>Serves it until its end. Never throws because of a peer.</summary>
    public async Task RunAsync()
    {
        _account.Connected();
        _parts.Meters.Opened();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            _client.NoDelay = true;
            await ServeAsync(new Intake(_client, buffer));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A peer has left, or the connection was cut; the audit has what is known.
        }
        finally
        {
            Cut(null);
            await _sending; // it reads into the buffer
            ArrayPool<byte>.Shared.Return(buffer);
            Audit();
        }
    }

    /// <summary>Ends it at once.</summary>
    /// <param name="refusal">Why, for the audit; null: it is known already, or a peer has ended it.</param>
    public void Cut(EgressRefusal? refusal)
    {
        Interlocked.CompareExchange(ref _refusal, refusal, null);
        _cut.Cancel();
        _client.Dispose();
        Volatile.Read(ref _host)?.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _clock.Dispose();
        _client.Dispose();
        _host?.Dispose();
    }

    private async Task ServeAsync(Intake client)
    {
        var most = _parts.Options.MostHeadBytes;
        var length = await client.ReadHeadAsync(most, static bytes => ProxyHead.CanBegin(bytes.Span));
        ProxyHead? head = null;
        var refusal = length > most ? EgressTexts.LongHead(most)
            : length == 0 && client.Rest.IsEmpty ? null
            : length == 0 ? EgressRefusal.Malformed("this is a proxy that speaks HTTP: CONNECT host:port, or GET http://host/path.")
            : ProxyHead.TryParse(client.Rest.Span[..length], out head, out _target, out var wrong) ? null
            : EgressRefusal.Malformed(wrong);
        if (refusal is null && head is null)
        {
            return; // the client has left without a word
        }

        refusal ??= _refusedBefore ?? Judge(head!.Target);
        if (refusal is null)
        {
            refusal = await DialAsync(head!.Target);
        }

        if (refusal is null)
        {
            client.Take(length);
            refusal = head!.IsConnect ? await TunnelAsync(head, client) : await ForwardAsync(head, client);
        }

        if (refusal is not null)
        {
            Interlocked.CompareExchange(ref _refusal, refusal, null);
            await ReplyAsync(refusal, head);
        }
    }

    private EgressRefusal? Judge(ProxyTarget target)
    {
        var grant = _account.Grant;
        _rule = grant.Allow.RuleFor(target.Host, target.Port);
        return _rule is null ? EgressTexts.Denied(grant, target)
            : _account.IsSpent ? EgressTexts.Spent(_parts.Options.MostBytes)
            : null;
    }

    private async Task<EgressRefusal?> DialAsync(ProxyTarget target)
    {
        Volatile.Write(ref _isDialling, true);
        var dialled = await _parts.Dialer.DialAsync(target.Host, target.Port, _cut.Token);
        _address = dialled.Address;
        Volatile.Write(ref _host, dialled.Socket);
        if (_cut.IsCancellationRequested)
        {
            dialled.Socket?.Dispose();
        }

        Touch();
        Volatile.Write(ref _isDialling, false);
        return dialled.Refusal;
    }

    // What the client still sends is read, because a socket that is closed with unread bytes takes the reply back (RFC 1122, 4.2.2.13).
    private async Task ReplyAsync(EgressRefusal refusal, ProxyHead? head)
    {
        if (_replied)
        {
            return;
        }

        await SendAsync(_client, refusal.ToReply(head is { IsHead: true }));
        _client.Shutdown(SocketShutdown.Send);
        var drain = DrainAsync();
        await ((Task)drain.WaitAsync(s_linger)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // What is dropped neither counts nor keeps the connection from being idle.
    private async Task DrainAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await _client.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The connection is over in either case.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Puts the values of sealed secrets into a request, and notes for the audit which.
    private EgressRefusal? Unseal(
        string method,
        Func<SealedSecret, bool> isBound,
        string path,
        IReadOnlyList<KeyValuePair<string, string>> fields,
        out Unsealed unsealed)
    {
        unsealed = Unsealed.Of(
            method,
            path,
            fields,
            _sealed.All,
            isBound,
            _parts.Options.MostHeadBytes,
            out var wrong);
        _put.UnionWith(unsealed.Put);
        _withheld.UnionWith(unsealed.Withheld);
        return wrong is null ? null : EgressRefusal.Malformed(wrong);
    }

    private bool CountUp(int bytes)
    {
        Touch();
        Interlocked.Add(ref _up, bytes);
        return _account.Up(bytes) || CutAtLimit();
    }

    private bool CountDown(int bytes)
    {
        Touch();
        Interlocked.Add(ref _down, bytes);
        return _account.Down(bytes) || CutAtLimit();
    }

    private bool CutAtLimit()
    {
        Cut(EgressTexts.Spent(_parts.Options.MostBytes));
        return false;
    }

    private void Touch() => Volatile.Write(ref _last, Environment.TickCount64);

    private void Tick()
    {
        var options = _parts.Options;
        var isDialling = Volatile.Read(ref _isDialling); // read before the time that its end sets
        var idle = TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _last));
        var isIdle = idle >= options.IdleTimeout && !isDialling;
        if (isIdle || Stopwatch.GetElapsedTime(_begun) >= options.MostTime)
        {
            Cut(EgressTexts.Overtime(isIdle));
        }
    }

    private static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }
}
