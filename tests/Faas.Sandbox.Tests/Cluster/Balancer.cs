using System.Net;
using System.Net.Sockets;

namespace Faas.Sandbox.Tests.Cluster;

/// <summary>
/// A balancer of TCP connections in front of several nodes. It knows nothing of HTTP beside this: it asks each node for
/// <c>/readyz</c> every 200 ms, and gives each new connection to the next node of those that have answered 200. It repeats no call.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan s_betweenChecks = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(10);
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HttpClient _checks = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(1),
    };

    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<Node> _nodes;
    private readonly Task _work;
    private int _turn;

    /// <summary>Starts one in front of these addresses.</summary>
    public Balancer(IEnumerable<Uri> nodes)
    {
        _nodes = [.. nodes.Select(address => new Node(address))];
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        _work = Task.WhenAll(_nodes.Select(CheckAsync).Append(AcceptAsync()));
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Whether a node was ready when it was asked last.</summary>
    public bool IsReady(int index) => _nodes[index].IsReady;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _work;
        _checks.Dispose();
        _stop.Dispose();
    }

    private async Task CheckAsync(Node node)
    {
        try
        {
            while (true)
            {
                node.IsReady = await AnswersReadyAsync(node.Address);
                await Task.Delay(s_betweenChecks, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It is stopped.
        }
    }

    private async Task<bool> AnswersReadyAsync(Uri address)
    {
        try
        {
            using var response = await _checks.GetAsync(new Uri(address, "/readyz"), _stop.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception gone) when (gone is HttpRequestException || (gone is TaskCanceledException && !_stop.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryBothAsync(await _listener.AcceptAsync(_stop.Token));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is stopped.
        }
    }

    private async Task CarryBothAsync(Socket client)
    {
        using var node = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                client.NoDelay = node.NoDelay = true;
                await node.ConnectAsync(await NextAsync(), _stop.Token);
                await Task.WhenAny(CarryAsync(client, node), CarryAsync(node, client));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The node is not there: its caller sees that the connection ends.
            }
        }
    }

    private async Task<IPEndPoint> NextAsync()
    {
        while (true)
        {
            var ready = _nodes.Where(node => node.IsReady).ToList();
            if (ready.Count > 0)
            {
                var address = ready[(int)((uint)Interlocked.Increment(ref _turn) % ready.Count)].Address;
                return new IPEndPoint(IPAddress.Parse(address.Host), address.Port);
            }

            await Task.Delay(s_betweenLooks, _stop.Token);
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side has gone.
        }
    }

    private sealed class Node(Uri address)
    {
        private volatile bool _isReady;

        public Uri Address => address;

        public bool IsReady
        {
            get => _isReady;
            set => _isReady = value;
        }
    }
}
