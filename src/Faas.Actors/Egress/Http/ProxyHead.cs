using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Faas.Actors.Egress.Http;

/// <summary>
/// The head of a request to the proxy.
/// </summary>
/// <remarks>
/// Theory of operation. A client asks a proxy in two ways: <c>CONNECT host:port</c> for a tunnel, and <c>GET http://host/path</c> for a
/// request that the proxy makes (RFC 9110, section 9.3.6; RFC 9112, section 3.2.2). The target says which host is meant, and nothing else
/// does: a Host field that names another one is refused, so that no rule for one host opens another one behind the same address. The
/// request is written anew for the host: its own fields without those of the connection, with Host from the target, and with one framing.
/// A request that has two framings, or one framing twice, is refused. Each connection carries one request.
/// Of upgrades, WebSocket's alone is passed on (RFC 6455): h2c would carry further requests that nothing has judged.
/// </remarks>
/// <param name="Method">The method.</param>
/// <param name="Target">Where it wants to go.</param>
/// <param name="Minor">The version: HTTP/1.0 or HTTP/1.1.</param>
/// <param name="Fields">The fields that the host gets, without Host and framing.</param>
/// <param name="Body">Where its body ends.</param>
/// <param name="IsWebSocket">Whether it asks for a WebSocket.</param>
internal sealed record ProxyHead(
    string Method,
    ProxyTarget Target,
    int Minor,
    IReadOnlyList<KeyValuePair<string, string>> Fields,
    BodyFraming Body,
    bool IsWebSocket)
{
    private const string Connect = "CONNECT";
    private const string Upgrade = "websocket";

    /// <summary>Whether it asks for a tunnel.</summary>
    public bool IsConnect => Method == Connect;

    /// <summary>Whether the reply has no body.</summary>
    public bool IsHead => Method == "HEAD";

    /// <summary>Whether bytes can begin a request. A client of SOCKS or of TLS is told so before it has sent a whole head.</summary>
    public static bool CanBegin(ReadOnlySpan<byte> bytes) => bytes.IsEmpty || char.IsAsciiLetterUpper((char)bytes[0]);

    /// <summary>Reads a head, which ends with an empty line.</summary>
    /// <param name="bytes">The head.</param>
    /// <param name="head">The head; null: it is refused.</param>
    /// <param name="target">Where it wants to go, also where it is refused for another reason; null: it does not say that.</param>
    /// <param name="wrong">What is wrong with it, as a sentence.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out ProxyHead? head,
        out ProxyTarget? target,
        [NotNullWhen(false)] out string? wrong)
    {
        target = null;
        (head, wrong) = HeaderLines.Cut(bytes, out var start, out var fields) is { } unsound
            ? (null, $"the request {unsound}.")
            : Of(start, fields, out target);
        return head is not null;
    }

    /// <summary>The same with the values of sealed secrets.</summary>
    public ProxyHead With(Unsealed unsealed) => this with { Target = Target with { Path = unsealed.Path }, Fields = unsealed.Fields };

    /// <summary>The head that the host gets.</summary>
    public byte[] ToHost()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Method} {Target.Path} HTTP/1.{Minor}\r\nHost: {Target.Authority}\r\n");
        foreach (var (name, value) in Fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        text.Append(Body.IsChunked ? "Transfer-Encoding: chunked\r\n" : "");
        if (Body.Length > 0 || HasEmptyBody)
        {
            text.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n");
        }

        text.Append(IsWebSocket ? $"Connection: Upgrade\r\nUpgrade: {Upgrade}\r\n\r\n" : "Connection: close\r\n\r\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private bool HasEmptyBody => !Body.IsChunked && Method is "POST" or "PUT" or "PATCH";

    private static (ProxyHead? Head, string? Wrong) Of(
        string start, List<KeyValuePair<string, string>> fields, out ProxyTarget? target)
    {
        target = null;
        if (start.Split(' ') is not [var method, var text, "HTTP/1.0" or "HTTP/1.1"] || !HeaderLines.IsToken(method))
        {
            return Refuse("the request is not one of HTTP/1.0 or HTTP/1.1.");
        }

        var isConnect = method == Connect;
        if (!(isConnect
            ? ProxyTarget.TryParseAuthority(text, out target, out var wrong)
            : ProxyTarget.TryParseUrl(text, out target, out wrong)))
        {
            return Refuse($"the request {wrong}.");
        }

        var hosts = fields.ValuesOf("Host");
        if (hosts.Length > 1)
        {
            return Refuse("the request has more than one Host header.");
        }

        if (hosts.Length == 1 && !target.IsNamedBy(hosts[0]))
        {
            return Refuse($"the Host header of the request names another host than its target '{target.Authority}'.");
        }

        var minor = start[^1] - '0';
        if (BodyFraming.Of(fields, minor, out var body) is { } framing)
        {
            return Refuse($"the request {framing}.");
        }

        if (isConnect && (body.IsChunked || body.Length > 0))
        {
            return Refuse("a CONNECT request has no body.");
        }

        var isWebSocket = fields.ListOf("Connection").Contains("upgrade", StringComparer.OrdinalIgnoreCase)
            && fields.ListOf("Upgrade").Contains(Upgrade, StringComparer.OrdinalIgnoreCase);
        if (isWebSocket && (method != "GET" || minor == 0 || body.IsChunked || body.Length > 0))
        {
            return Refuse("a request for a WebSocket is a GET of HTTP/1.1 without a body.");
        }

        var kept = HopByHop.Without(fields, "Host", "Content-Length", "Transfer-Encoding");
        return (new ProxyHead(method, target, minor, kept, body, isWebSocket), null);
    }

    private static (ProxyHead? Head, string? Wrong) Refuse(string text) => (null, text);
}
