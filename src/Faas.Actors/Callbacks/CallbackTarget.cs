using System.Diagnostics.CodeAnalysis;
using Faas.Actors.Hosts;

namespace Faas.Actors.Callbacks;

/// <summary>
/// Where a callback goes: a URL whose host the operator permits. A rule without a port permits HTTPS alone. HTTP, which anyone on the way
/// can read, needs a rule that names the port. Pure.
/// </summary>
/// <param name="Uri">The URL.</param>
public sealed record CallbackTarget(Uri Uri)
{
    /// <summary>The longest URL, in characters.</summary>
    public const int MostCharacters = 2000;

    /// <summary>Reads a URL, and says whether it is permitted.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="hosts">The hosts and ports that are permitted.</param>
    /// <param name="target">The target; null: it is none, or is not permitted.</param>
    /// <param name="wrong">What is wrong, as the end of a sentence that begins with the URL; null: nothing.</param>
    public static bool TryParse(
        string url, EgressRules hosts, [NotNullWhen(true)] out CallbackTarget? target, [NotNullWhen(false)] out string? wrong)
    {
        target = null;
        if (url.Length > MostCharacters)
        {
            wrong = $"has {url.Length} characters; allowed are {MostCharacters}";
            return false;
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
        {
            wrong = "is no absolute URL that begins with https:// or http://";
            return false;
        }

        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            wrong = $"has a {(uri.UserInfo.Length > 0 ? "user name" : "fragment")}, which a callback may not have";
            return false;
        }

        if (!HostName.TryParse(NameOf(uri), out var host, out var reason))
        {
            wrong = $"has a host that {reason}";
            return false;
        }

        var isSecure = uri.Scheme == Uri.UriSchemeHttps;
        var permitting = hosts.Rules.Where(rule => rule.Permits(host, uri.Port)).ToList();
        wrong = permitting.Count == 0
            ? $"leads to {host}:{uri.Port}, which {CallbackOptions.HostsKey} does not permit"
            : !isSecure && !permitting.Exists(rule => rule.Ports.Count == 1)
                ? $"is not encrypted; http:// needs a rule of {CallbackOptions.HostsKey} that names the port: {host}:{uri.Port}"
                : null;
        target = wrong is null ? new CallbackTarget(uri) : null;
        return target is not null;
    }

    /// <summary>The host of a URL as a text that <see cref="HostName"/> reads: an IPv6 address in brackets.</summary>
    private static string NameOf(Uri uri) => uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost.Trim('[', ']')}]" : uri.IdnHost;
}
