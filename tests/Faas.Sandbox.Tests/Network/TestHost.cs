using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Faas.Sandbox.Tests.Network;

/// <summary>
/// A web server on an address of this machine, with TLS or without. It answers each request with the text <c>HOST says PATH</c>, and shows
/// the header <c>X-Key</c>, if there is one: <c>HOST says PATH to KEY</c>.
/// </summary>
internal sealed class TestHost : IAsyncDisposable
{
    private const string KeyField = "X-Key:";

    private readonly TcpListener _listener;
    private readonly X509Certificate2? _certificate;
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentQueue<string> _keys = new();
    private readonly Task _serving;

    private TestHost(IPAddress address, X509Certificate2? certificate)
    {
        (_listener, _certificate) = (new TcpListener(address, 0), certificate);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Its address and port, as a rule and as part of a URL.</summary>
    public string Name => _listener.LocalEndpoint.ToString()!;

    /// <summary>The URL that its paths begin with.</summary>
    public string Url => $"{(_certificate is null ? "http" : "https")}://{Name}";

    /// <summary>The first line of each request.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>The value of the header <c>X-Key</c> of each request that had one.</summary>
    public IReadOnlyCollection<string> Keys => _keys;

    /// <summary>One without TLS.</summary>
    public static TestHost Plain(IPAddress address) => new(address, null);

    /// <summary>One with TLS.</summary>
    public static TestHost Secure(IPAddress address, TestCertificate certificate) => new(address, certificate.Load());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
        _certificate?.Dispose();
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
        catch (SocketException)
        {
            await Task.WhenAll(serving); // it was disposed of
        }
        catch (ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    // A client that breaks off has failed its own assertion.
    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = await OpenAsync(client);
                using var reader = new StreamReader(stream);
                var first = await reader.ReadLineAsync() ?? "";
                var key = "";
                for (var line = first; !string.IsNullOrEmpty(line); line = await reader.ReadLineAsync())
                {
                    key = line.StartsWith(KeyField, StringComparison.OrdinalIgnoreCase) ? line[KeyField.Length..].Trim() : key;
                }

                _asked.Enqueue(first);
                if (key.Length > 0)
                {
                    _keys.Enqueue(key);
                }

                var text = $"{Url} says {first.Split(' ')[1]}{(key.Length > 0 ? $" to {key}" : "")}";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {text.Length}\r\nConnection: close\r\n\r\n{text}"));
            }
            catch (Exception gone) when (gone is IOException or System.Security.Authentication.AuthenticationException)
            {
            }
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null)
        {
            return client.GetStream();
        }

        var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsServerAsync(_certificate);
        return secure;
    }
}
