using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Faas.Actors.Egress;
using Faas.Actors.Hosts;
using Microsoft.Extensions.Logging;

namespace Faas.Testing;

/// <summary>
/// The proxy of sandboxes on loopback sockets. Its hosts are on loopback, too, so the addresses of loopback are named as allowed unless the
/// options name others.
/// </summary>
public sealed class EgressUnderTest : IHostResolver, IMeterFactory, ILogger<EgressProxy>, IAsyncDisposable
{
    private readonly List<IEgressDoor> _doors = [];
    private readonly List<Meter> _meters = [];
    private readonly EgressProxy _proxy;

    /// <summary>A proxy with these limits.</summary>
    /// <param name="options">The limits; null: generous ones.</param>
    /// <param name="roots">The authorities that sign the certificates of hosts; null: those that the system trusts.</param>
    public EgressUnderTest(EgressOptions? options = null, X509Certificate2Collection? roots = null)
    {
        options ??= Options;
        _proxy = new EgressProxy(
            options, this, new AddressPolicy(options.Addresses, OwnAddresses.Contain), Server, new EgressMeters(this), this, roots);
    }

    /// <summary>Generous limits; loopback may be dialled.</summary>
    public static EgressOptions Options { get; } = new(
        EgressRules.None,
        [AddressRange.Parse("127.0.0.0/8")],
        MostConnections: 100,
        MostConnectionsOfSandbox: 100,
        MostBytes: 1L << 40,
        MostHeadBytes: 16 << 10,
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(5));

    /// <summary>The server's own ports.</summary>
    public ServerPorts Server { get; } = new();

    /// <summary>
    /// What each name's questions are answered, one after the other; the last answer stays. A name without one is never resolved.
    /// </summary>
    public ConcurrentDictionary<string, ConcurrentQueue<IPAddress[]>> Names { get; } = new();

    /// <summary>The names that were asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The lines of the audit.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Answers questions for a name.</summary>
    public void Name(string name, params string[][] answers) =>
        Names[name] = new ConcurrentQueue<IPAddress[]>(answers.Select(answer => answer.Select(IPAddress.Parse).ToArray()));

    /// <summary>The door of a sandbox whose run may reach these hosts, and the address of its proxy.</summary>
    public (IEgressDoor Door, IPEndPoint Proxy) Open(params string[] allow) => Open([], allow);

    /// <summary>The same for a run with sealed secrets.</summary>
    public (IEgressDoor Door, IPEndPoint Proxy) Open(IReadOnlyList<SealedSecret> secrets, params string[] allow)
    {
        var (door, proxy) = OpenShut();
        var grant = new EgressGrant("team/fetch", 7, "call-1", EgressRules.Parse(allow))
        {
            Bindings = [.. secrets.Select(secret => secret.Hosts)],
            Sealed = secrets,
        };
        door.Admit(grant, keepsConnections: false);
        return (door, proxy);
    }

    /// <summary>The door of a sandbox without a run.</summary>
    public (IEgressDoor Door, IPEndPoint Proxy) OpenShut()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var proxy = (IPEndPoint)listener.LocalEndPoint!;
        var door = _proxy.Open(listener);
        _doors.Add(door);
        return (door, proxy);
    }

    /// <summary>Sends a request, whose lines end with |, and reads until the proxy closes the connection.</summary>
    public static async Task<string> AskAsync(IPEndPoint proxy, string request)
    {
        using var client = await ConnectAsync(proxy, request);
        return await client.ReadToEndAsync();
    }

    /// <summary>Connects to a proxy, and sends a request, whose lines end with |.</summary>
    public static async Task<Socket> ConnectAsync(IPEndPoint proxy, string request)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(proxy);
        await client.SendTextAsync(request.Replace("|", "\r\n", StringComparison.Ordinal));
        return client;
    }

    async Task<IReadOnlyList<IPAddress>> IHostResolver.ResolveAsync(string name, CancellationToken cancellation)
    {
        Asked.Enqueue(name);
        if (!Names.TryGetValue(name, out var answers))
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }

        return answers switch
        {
            { Count: > 1 } => answers.TryDequeue(out var first) ? first : [],
            _ => answers!.TryPeek(out var last) ? last : throw new SocketException((int)SocketError.HostNotFound),
        };
    }

    Meter IMeterFactory.Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{formatter(state, exception)}{exception}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var door in _doors)
        {
            await door.DisposeAsync();
        }

        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}

/// <summary>Texts over sockets.</summary>
public static class SocketTexts
{
    /// <summary>Sends a text, each character of it as one byte.</summary>
    public static async Task SendTextAsync(this Socket socket, string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads so many bytes, or fewer if the peer ends before.</summary>
    public static async Task<string> ReadTextAsync(this Socket socket, int count)
    {
        var (bytes, length) = (new byte[count], 0);
        while (length < count && await socket.ReceiveAsync(bytes.AsMemory(length)) is var read and > 0)
        {
            length += read;
        }

        return Encoding.Latin1.GetString(bytes, 0, length);
    }

    /// <summary>Reads until the head of a message is over.</summary>
    public static async Task<string> ReadHeadAsync(this Socket socket)
    {
        var head = "";
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal) && await socket.ReadTextAsync(1) is { Length: > 0 } next)
        {
            head += next;
        }

        return head;
    }

    /// <summary>Reads until the peer ends, by a reset, too.</summary>
    public static async Task<string> ReadToEndAsync(this Socket socket)
    {
        var text = "";
        try
        {
            while (await socket.ReadTextAsync(1) is { Length: > 0 } next)
            {
                text += next;
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
        }

        return text;
    }
}
