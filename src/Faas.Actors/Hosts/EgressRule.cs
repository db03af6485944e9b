using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Faas.Actors.Hosts;

/// <summary>
/// One line of an allow list: a host, or all names below a domain, and a port.
/// <list type="bullet">
/// <item><c>api.example.com:443</c>: this host, at this port.</item>
/// <item><c>api.example.com</c>: this host, at the ports 80 and 443.</item>
/// <item><c>*.example.org</c>: every name below example.org, at any depth, and not example.org itself.</item>
/// <item><c>*</c>: every name. An address is permitted by a rule that is this address alone.</item>
/// </list>
/// </summary>
public sealed record EgressRule
{
    /// <summary>What <see cref="TryParse"/> allows, as the end of a sentence.</summary>
    public const string Allowed = "a host name, an address, *.domain or *, each alone or with :port";

    /// <summary>The port of HTTP over TLS.</summary>
    public const int HttpsPort = 443;

    private const string AnyName = "*";
    private const string Below = "*.";

    private static readonly int[] s_usualPorts = [80, HttpsPort];

    private readonly HostName? _host;
    private readonly string _suffix;
    private readonly int? _port;

    private EgressRule(HostName? host, string suffix, int? port)
    {
        (_host, _suffix, _port) = (host, suffix, port);
        var name = host?.Text ?? (suffix.Length == 0 ? AnyName : $"*{suffix}");
        Text = port is { } one ? string.Create(CultureInfo.InvariantCulture, $"{name}:{one}") : name;
    }

    /// <summary>The rule, in the one form that rules are compared in.</summary>
    public string Text { get; }

    /// <summary>The ports.</summary>
    public IReadOnlyList<int> Ports => _port is { } one ? [one] : s_usualPorts;

    /// <summary>Reads a rule.</summary>
    /// <param name="text">The text.</param>
    /// <param name="rule">The rule; null: the text is none.</param>
    /// <param name="wrong">A sentence that names the text, what is wrong with it and what is allowed; null: nothing is wrong.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out EgressRule? rule, [NotNullWhen(false)] out string? wrong)
    {
        rule = null;
        var colon = text.LastIndexOf(':') is var last && last > text.LastIndexOf(']') ? last : -1;
        var (name, port) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        var number = 0;
        if (colon >= 0 && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number is 0 or > 65535))
        {
            wrong = name.Contains(':', StringComparison.Ordinal) && !name.StartsWith('[')
                ? Wrong(text, "has more than one colon; an IPv6 address stands in brackets")
                : Wrong(text, $"has the port \"{port}\"; a port is a number from 1 to 65535");
            return false;
        }

        int? at = colon < 0 ? null : number;
        if (name == AnyName)
        {
            (rule, wrong) = (new EgressRule(null, "", at), null);
            return true;
        }

        var below = name.StartsWith(Below, StringComparison.Ordinal);
        if (!HostName.TryParse(below ? name[Below.Length..] : name, out var host, out var reason))
        {
            wrong = Wrong(text, reason);
            return false;
        }

        if (below && host.Address is not null)
        {
            wrong = Wrong(text, "has an address behind *., where a domain is allowed");
            return false;
        }

        (rule, wrong) = (below ? new EgressRule(null, $".{host.Text}", at) : new EgressRule(host, "", at), null);
        return true;
    }

    /// <summary>Whether a host may be reached at a port.</summary>
    public bool Permits(HostName host, int port) => Ports.Contains(port) && (_host is not null ? host == _host : Holds(host));

    /// <summary>Whether every host that another rule permits at a port is permitted here.</summary>
    public bool Covers(EgressRule asked, int port) =>
        Ports.Contains(port)
        && (asked._host is { } host ? Permits(host, port)
            : _host is null && asked._suffix.EndsWith(_suffix, StringComparison.Ordinal));

    /// <summary>The same for one port alone.</summary>
    public EgressRule At(int port) => new(_host, _suffix, port);

    /// <inheritdoc/>
    public bool Equals(EgressRule? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private bool Holds(HostName host) => host.Address is null && host.Text.EndsWith(_suffix, StringComparison.Ordinal);

    private static string Wrong(string text, string reason) =>
        $"\"{text}\" {reason}. Allowed is {Allowed}.";
}
