using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Faas.Actors.Libraries.Registry;

/// <summary>
/// Serves the registry of one build on the loopback of the build's sandbox.
/// <para>
/// Theory of operation. The socket that it accepts from belongs to the sandbox's network namespace, so the build alone can connect. Each
/// connection carries one GET; whatever else a client sends is refused or not read.
/// </para>
/// </summary>
public sealed class RegistryServer : IAsyncDisposable
{
    private const int MaxHeadBytes = 16 << 10;
    private const int MaxConnections = 64;
    private static readonly byte[] s_endOfHead = "\r\n\r\n"u8.ToArray();

    private readonly Socket _listener;
    private readonly BuildRegistry _registry;
    private readonly SemaphoreSlim _places = new(MaxConnections);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _serving = [];

    /// <summary>Begins to accept; the socket belongs to the server from then on.</summary>
    public RegistryServer(Socket listener, BuildRegistry registry)
    {
        (_listener, _registry) = (listener, registry);
        _accepting = AcceptAsync();
    }

    /// <summary>What it serves.</summary>
    public BuildRegistry Registry => _registry;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] serving;
        lock (_lock)
        {
            serving = [.. _serving];
        }

        await Task.WhenAll(serving);
        _places.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(_closing.Token);
                var client = await _listener.AcceptAsync(_closing.Token);
                Begin(client);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The build is over, or its sandbox is gone.
        }
    }

    private void Begin(Socket client)
    {
        var serving = Task.Run(() => ServeAsync(client));
        lock (_lock)
        {
            _serving.Add(serving);
        }

        serving.ContinueWith(Ended, TaskScheduler.Default);
    }

    private void Ended(Task serving)
    {
        lock (_lock)
        {
            _serving.Remove(serving);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            using var answer = await ReadPathAsync(stream) is { } path
                ? await _registry.AnswerAsync(path, _closing.Token)
                : RegistryAnswer.Refused(400, "The registry of a build takes one GET of a path on each connection.");
            await stream.WriteAsync(HeadOf(answer), _closing.Token);
            await answer.Body.CopyToAsync(stream, _closing.Token);
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException or HttpRequestException)
        {
            // The client sees a connection that ends too early, and its hash or length says so.
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<string?> ReadPathAsync(NetworkStream stream)
    {
        var head = new byte[MaxHeadBytes];
        for (var length = 0; length < head.Length;)
        {
            var read = await stream.ReadAsync(head.AsMemory(length), _closing.Token);
            if (read == 0)
            {
                return null;
            }

            length += read;
            if (head.AsSpan(0, length).IndexOf(s_endOfHead) >= 0)
            {
                return PathOf(Encoding.Latin1.GetString(head, 0, length));
            }
        }

        return null;
    }

    private static string? PathOf(string head) =>
        head.Split("\r\n", 2)[0].Split(' ') is ["GET", ['/', ..] path, "HTTP/1.1" or "HTTP/1.0"] ? path.Split('?')[0] : null;

    private static byte[] HeadOf(RegistryAnswer answer)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} {(answer.Status == 200 ? "OK" : "Refused")}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Type: {answer.MediaType}\r\n");
        if (answer.Length is { } length)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        }

        head.Append("Connection: close\r\n\r\n");
        return Encoding.ASCII.GetBytes(head.ToString());
    }
}
