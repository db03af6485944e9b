using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Faas.Testing;

/// <summary>
/// A host that gets callbacks, on a free port of an address of this machine. It keeps each request, and answers with the statuses that it
/// is given, one after the other; the last one stays.
/// </summary>
public sealed class CallbackReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly ConcurrentQueue<string> _answers = new();
    private readonly ConcurrentQueue<ReceivedCallback> _received = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _serving;

    /// <summary>Begins to listen.</summary>
    /// <param name="address">Where.</param>
    /// <param name="answers">
    /// Statuses, each perhaps with further headers behind it: <c>503\r\nRetry-After: 5</c>; 0: it does not answer.
    /// </param>
    public CallbackReceiver(IPAddress address, params string[] answers)
    {
        _listener = new TcpListener(address, 0);
        _listener.Start();
        Answer(answers);
        _serving = ServeAsync();
    }

    /// <summary>Its address and port, as a rule and as part of a URL.</summary>
    public string Name => _listener.LocalEndpoint.ToString()!;

    /// <summary>The URL that its paths begin with.</summary>
    public string Url => $"http://{Name}";

    /// <summary>What it has got, in order.</summary>
    public IReadOnlyList<ReceivedCallback> Received => [.. _received];

    /// <summary>How it answers from now on.</summary>
    public void Answer(params string[] answers)
    {
        _answers.Clear();
        foreach (var answer in answers)
        {
            _answers.Enqueue(answer);
        }
    }

    /// <summary>Returns when it has got that many.</summary>
    public Task GetsAsync(int least) => Eventually.HoldsAsync(
        () => _received.Count >= least, TimeSpan.FromMinutes(1), () => $"The receiver has got {_received.Count} callbacks of {least}.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ended.IsCancellationRequested)
        {
            return; // it was disposed of before
        }

        await _ended.CancelAsync();
        _listener.Dispose();
        await _serving;
        _ended.Dispose();
    }

    private async Task ServeAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(AnswerAsync(await _listener.AcceptTcpClientAsync()));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving); // it was disposed of
        }
    }

    // One request for each connection.
    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                if (await reader.ReadLineAsync(_ended.Token) is not { } first)
                {
                    return;
                }

                var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                while (await reader.ReadLineAsync(_ended.Token) is { Length: > 0 } line)
                {
                    var colon = line.IndexOf(':', StringComparison.Ordinal);
                    headers[line[..colon]] = line[(colon + 1)..].Trim();
                }

                var body = new char[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
                await reader.ReadBlockAsync(body, _ended.Token);
                var answer = _answers.Count > 1 && _answers.TryDequeue(out var next) ? next
                    : _answers.TryPeek(out var last) ? last
                    : "200";
                _received.Enqueue(new ReceivedCallback(first, headers, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body))));
                if (answer == "0")
                {
                    await Task.Delay(Timeout.Infinite, _ended.Token);
                }

                var split = answer.Split("\r\n", 2);
                var more = split.Length > 1 ? $"{split[1]}\r\n" : "";
                var text = $"HTTP/1.1 {split[0]} Status\r\n{more}Content-Length: 2\r\nConnection: close\r\n\r\nok";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(text), _ended.Token);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // The server has left, or the receiver is disposed of.
            }
        }
    }
}

/// <summary>A request that a receiver has got.</summary>
/// <param name="Line">Its first line.</param>
/// <param name="Headers">Its headers, by their names in any case.</param>
/// <param name="Body">Its body.</param>
public sealed record ReceivedCallback(string Line, IReadOnlyDictionary<string, string> Headers, string Body);
