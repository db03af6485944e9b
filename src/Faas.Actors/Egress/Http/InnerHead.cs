using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Faas.Actors.Egress.Http;

/// <summary>
/// The head of a request within a tunnel of which the proxy ends TLS.
/// </summary>
/// <remarks>
/// Theory of operation. Client and host speak with each other, and the proxy puts values into what the client says. So the fields of the
/// connection stay, replies pass as they come (<see cref="RepliesOfHost"/>), and the framing is read for one purpose: to find the head of
/// the next request. It is read as strictly as that of a request to the proxy, because what is taken for a body is passed on without a
/// look. The Host field must name the tunnel's host: a value goes to the host that its secret is bound to, and behind one name a provider
/// may serve others.
/// </remarks>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query, or * of OPTIONS.</param>
/// <param name="Minor">The version: HTTP/1.0 or HTTP/1.1.</param>
/// <param name="Fields">All fields.</param>
/// <param name="Body">Where its body ends.</param>
internal sealed record InnerHead(
    string Method, string Path, int Minor, IReadOnlyList<KeyValuePair<string, string>> Fields, BodyFraming Body)
{
    private const string Everything = "*";

    /// <summary>Whether the reply has no body.</summary>
    public bool IsHead => Method == "HEAD";

    /// <summary>Whether it asks for a WebSocket, which follows once the host has agreed. It asks for no other protocol.</summary>
    public bool IsWebSocket => Fields.ValuesOf("Upgrade").Length > 0;

    /// <summary>Reads a head, which ends with an empty line.</summary>
    /// <param name="bytes">The head.</param>
    /// <param name="tunnel">Where the tunnel leads.</param>
    /// <param name="head">The head; null: it is refused.</param>
    /// <param name="wrong">What is wrong with it, as a sentence.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, ProxyTarget tunnel, [NotNullWhen(true)] out InnerHead? head, [NotNullWhen(false)] out string? wrong)
    {
        (head, wrong) = HeaderLines.Cut(bytes, out var start, out var fields) is { } unsound
            ? (null, $"the request {unsound}.")
            : Of(start, fields, tunnel);
        return head is not null;
    }

    /// <summary>The head that the host gets.</summary>
    public byte[] ToHost(Unsealed unsealed)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Method} {unsealed.Path} HTTP/1.{Minor}\r\n");
        foreach (var (name, value) in unsealed.Fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    private static (InnerHead? Head, string? Wrong) Of(string start, List<KeyValuePair<string, string>> fields, ProxyTarget tunnel)
    {
        if (start.Split(' ') is not [var method, var path, "HTTP/1.0" or "HTTP/1.1"] || !HeaderLines.IsToken(method))
        {
            return (null, "the request is not one of HTTP/1.0 or HTTP/1.1.");
        }

        if (!path.StartsWith('/') && path != Everything)
        {
            return (null, "the request in the tunnel does not name a path.");
        }

        if (fields.ValuesOf("Host") is not [var host] || !tunnel.IsNamedBy(host))
        {
            return (null, $"the Host header of the request in the tunnel does not name the tunnel's host '{tunnel.Host}'.");
        }

        var minor = start[^1] - '0';
        if (BodyFraming.Of(fields, minor, out var body) is { } wrong)
        {
            return (null, $"the request {wrong}.");
        }

        var asks = fields.ListOf("Connection").Contains("upgrade", StringComparer.OrdinalIgnoreCase);
        var protocols = fields.ListOf("Upgrade");
        if (asks || fields.ValuesOf("Upgrade").Length > 0)
        {
            var isRight = asks && protocols is [var protocol] && protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase)
                && method == "GET" && minor == 1 && !body.IsChunked && body.Length == 0;
            return isRight
                ? (new InnerHead(method, path, minor, fields, body), null)
                : (null, "of upgrades, the proxy passes a WebSocket's alone on: a GET of HTTP/1.1 without a body.");
        }

        return (new InnerHead(method, path, minor, fields, body), null);
    }
}
