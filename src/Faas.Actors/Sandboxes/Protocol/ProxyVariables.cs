using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>
/// The environment variables that tell programs of the proxy: curl, Python's urllib and requests, npm, and the node processes that a script
/// starts; and of the authorities that they trust. Programs differ in the letter case that they read.
/// </summary>
internal static class ProxyVariables
{
    private const string Direct = "127.0.0.1,localhost";

    private static readonly KeyValuePair<string, string>[] s_variables =
    [
        new("HTTP_PROXY", ProxyAddress.Url),
        new("http_proxy", ProxyAddress.Url),
        new("HTTPS_PROXY", ProxyAddress.Url),
        new("https_proxy", ProxyAddress.Url),
        new("NO_PROXY", Direct),
        new("no_proxy", Direct),
        new("NODE_USE_ENV_PROXY", "1"),
        new("SSL_CERT_FILE", TrustFiles.BundleInside),
    ];

    // For programs that have lists of authorities of their own.
    private static readonly KeyValuePair<string, string>[] s_withAuthority =
    [
        .. s_variables,
        new("CURL_CA_BUNDLE", TrustFiles.BundleInside),
        new("REQUESTS_CA_BUNDLE", TrustFiles.BundleInside),
        new("NODE_EXTRA_CA_CERTS", TrustFiles.AuthorityInside),
    ];

    private static readonly NamedTexts s_alone = NamedTexts.Of(s_variables)!;

    /// <summary>Them, and those of a version, which win.</summary>
    /// <param name="env">Those of the version; null: it has none.</param>
    /// <param name="hasAuthority">Whether the proxy ends TLS for the version's runs.</param>
    public static NamedTexts With(NamedTexts? env, bool hasAuthority)
    {
        var own = hasAuthority ? s_withAuthority : s_variables;
        return env is not null
                ? NamedTexts.Of(own.ExceptBy(env.Entries.Select(entry => entry.Key), variable => variable.Key).Concat(env.Entries))!
            : hasAuthority ? NamedTexts.Of(own)!
            : s_alone;
    }
}
