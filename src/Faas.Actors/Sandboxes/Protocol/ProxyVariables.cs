using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>
/// The environment variables that tell programs of the proxy: curl, Python's urllib and requests, npm, and the node processes that a script
/// starts. Programs differ in the letter case that they read.
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
    ];

    private static readonly NamedTexts s_alone = NamedTexts.Of(s_variables)!;

    /// <summary>Them, and those of a version, which win.</summary>
    public static NamedTexts With(NamedTexts? env) => env is null
        ? s_alone
        : NamedTexts.Of(s_variables.ExceptBy(env.Entries.Select(entry => entry.Key), variable => variable.Key).Concat(env.Entries))!;
}
