using Faas.Actors.Configuration;
using Faas.Actors.Egress.Tls;
using Faas.Actors.Hosts;
using Faas.Actors.Linux;

namespace Faas.Actors.Egress;

/// <summary><c>faas.network</c> of hocon/faas.conf, which documents each value.</summary>
/// <param name="Allow">The hosts and ports that versions may ask for.</param>
/// <param name="Addresses">The ranges that may be dialled although they are not of the public internet.</param>
/// <param name="MostConnections">The most connections of all sandboxes at once.</param>
/// <param name="MostConnectionsOfSandbox">The most connections of one sandbox at once.</param>
/// <param name="MostBytes">The most bytes of one run, both ways together.</param>
/// <param name="MostHeadBytes">The most bytes of the headers of a request or a reply.</param>
/// <param name="ConnectTimeout">How long it may take to resolve a name and to connect.</param>
/// <param name="IdleTimeout">How long a connection may carry nothing.</param>
/// <param name="MostTime">How long a connection may last.</param>
public sealed record EgressOptions(
    EgressRules Allow,
    IReadOnlyList<AddressRange> Addresses,
    int MostConnections,
    int MostConnectionsOfSandbox,
    long MostBytes,
    int MostHeadBytes,
    TimeSpan ConnectTimeout,
    TimeSpan IdleTimeout,
    TimeSpan MostTime)
{
    private const string AuthorityFileSetting = "faas.network.authority-file";
    private const string OwnFile = "network-authority.pem";

    /// <summary>Whether the proxy ends TLS for requests with sealed secrets.</summary>
    public bool HasInterception { get; init; }

    /// <summary>The file with the authority that signs the proxy's certificates then.</summary>
    public string AuthorityFile { get; init; } = OwnFile;

    /// <summary>The authority, which the start of the server reads from the file; null: the proxy does not end TLS.</summary>
    public CertificateAuthority? Authority { get; init; }

    /// <summary>The most connections that there can be: none where no version may ask for a host.</summary>
    public int ConnectionsInUse => Allow.Rules.Count == 0 ? 0 : MostConnections;

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static EgressOptions From(Settings settings) => new(
        RulesOf(settings, "faas.network.allow"),
        [.. settings.List("faas.network.addresses").Select(text => AddressRange.TryParse(text, out var range)
            ? range
            : throw new SettingException("faas.network.addresses", text, AddressRange.Allowed))],
        settings.Int("faas.network.max-connections", 1, 100_000),
        settings.Int("faas.network.max-connections-per-sandbox", 1, 1000),
        settings.Size("faas.network.max-bytes", 1 << 10, 1L << 50),
        (int)settings.Size("faas.network.header-size", 1 << 10, 64 << 10),
        settings.Duration("faas.network.connect-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
        settings.Duration("faas.network.idle-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        settings.Duration("faas.network.max-time", TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)))
    {
        HasInterception = settings.OneOf("faas.network.interception", "true", "false") == "true",
        AuthorityFile = settings.Text(AuthorityFileSetting) is { Length: > 0 } file
            ? SandboxView.FolderOf(file) is { } seen
                ? throw new SettingException(AuthorityFileSetting, file, $"a file outside of {seen}, which sandboxes can read")
                : file
            : Path.Combine(settings.Name("faas.store.embedded.data-dir"), OwnFile),
    };

    private static EgressRules RulesOf(Settings settings, string key)
    {
        foreach (var text in settings.List(key))
        {
            if (!EgressRule.TryParse(text, out _, out var wrong))
            {
                throw new SettingException(key, text, EgressRule.Allowed);
            }
        }

        return EgressRules.TryParse(settings.List(key), out var rules, out _)
            ? rules
            : throw new SettingException(key, $"{settings.List(key).Count} rules", $"at most {EgressRules.Most} rules");
    }
}
