using System.Globalization;

namespace Faas.Actors.Libraries;

/// <summary>A registry that the operator has named, and the hosts that its files may come from.</summary>
/// <param name="Address">Where it is; the path ends with a slash.</param>
/// <param name="FileHosts">Hosts beside its own, each with its port unless that is the scheme's own.</param>
/// <param name="PrivateAddress">Where the names of <paramref name="PrivateNames"/> are; null: there are none.</param>
/// <param name="PrivateNames">The names that are asked of the private registry alone, so that no other can take their place.</param>
public sealed record Upstream(Uri Address, IReadOnlyList<string> FileHosts, Uri? PrivateAddress, IReadOnlyList<NamePattern> PrivateNames)
{
    /// <summary>The one registry that is asked for a library.</summary>
    public Uri AddressOf(LibraryName name) =>
        PrivateAddress is not null && PrivateNames.Any(pattern => pattern.Matches(name)) ? PrivateAddress : Address;

    /// <summary>
    /// Whether a file of a registry may be fetched from there. What a package says of itself must not make the server call a host of its
    /// choice.
    /// </summary>
    public bool MayServe(Uri registry, Uri file) =>
        file.Scheme is "https" or "http"
        && file.UserInfo.Length == 0
        && (SameOrigin(registry, file)
            || (registry == Address && (file.Scheme == "https" || file.Scheme == registry.Scheme) && FileHosts.Contains(HostOf(file))));

    /// <summary>The host of an address, with its port unless that is the scheme's own.</summary>
    public static string HostOf(Uri file) =>
        file.IsDefaultPort ? file.IdnHost : string.Create(CultureInfo.InvariantCulture, $"{file.IdnHost}:{file.Port}");

    private static bool SameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.IdnHost == other.IdnHost && one.Port == other.Port;
}
