using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress.Http;

/// <summary>Where a request wants to go: the host, the port and what stands behind them.</summary>
/// <param name="Host">The host.</param>
/// <param name="Port">The port.</param>
/// <param name="Path">Path and query; of CONNECT, empty.</param>
internal sealed record ProxyTarget(HostName Host, int Port, string Path)
{
    private static readonly string[] s_schemes = ["http://", "ws://"];

    /// <summary>The host as the Host field names it, with the port where it is not that of HTTP.</summary>
    public string Authority => Port == 80 ? Host.Text : string.Create(CultureInfo.InvariantCulture, $"{Host.Text}:{Port}");

    /// <summary>Reads the target of CONNECT: host and port (RFC 9112, section 3.2.3).</summary>
    public static bool TryParseAuthority(
        string text, [NotNullWhen(true)] out ProxyTarget? target, [NotNullWhen(false)] out string? wrong) =>
        TryParse(text, null, "", out target, out wrong);

    /// <summary>Reads an absolute URL (RFC 9112, section 3.2.2).</summary>
    public static bool TryParseUrl(string text, [NotNullWhen(true)] out ProxyTarget? target, [NotNullWhen(false)] out string? wrong)
    {
        target = null;
        if (Array.Find(s_schemes, one => text.StartsWith(one, StringComparison.OrdinalIgnoreCase)) is not { } scheme)
        {
            wrong = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
                ? "asks for https:// without CONNECT"
                : "has no http:// URL; this is a proxy, and it serves nothing itself";
            return false;
        }

        var rest = text[scheme.Length..];
        var end = rest.AsSpan().IndexOfAny('/', '?') is var found and >= 0 ? found : rest.Length;
        if (rest.Contains('#', StringComparison.Ordinal) || rest.Contains('\\', StringComparison.Ordinal))
        {
            wrong = "has a URL with # or \\ in it";
            return false;
        }

        var path = rest[end..];
        return TryParse(rest[..end], 80, path.StartsWith('/') ? path : $"/{path}", out target, out wrong);
    }

    /// <summary>Whether a Host field names this host, and this port if it has one; some clients leave the port of a tunnel out.</summary>
    public bool IsNamedBy(string field) =>
        TryParse(field, Port, "", out var named, out _) && named.Host == Host && named.Port == Port;

    private static bool TryParse(
        string text, int? usual, string path, [NotNullWhen(true)] out ProxyTarget? target, [NotNullWhen(false)] out string? wrong)
    {
        target = null;
        if (text.Contains('@', StringComparison.Ordinal))
        {
            wrong = "has a user in its URL; send an Authorization header instead";
            return false;
        }

        var colon = text.LastIndexOf(':') is var last && last > text.LastIndexOf(']') ? last : -1;
        var port = usual ?? 0;
        if (colon >= 0 && (text[(colon + 1)..] is not { Length: > 0 and < 6 } digits
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out port)) || port is 0 or > 65535)
        {
            wrong = "has no port from 1 to 65535";
            return false;
        }

        if (!HostName.TryParse(colon < 0 ? text : text[..colon], out var host, out var reason))
        {
            wrong = $"has a host that {reason}";
            return false;
        }

        (target, wrong) = (new ProxyTarget(host, port, path), null);
        return true;
    }
}
