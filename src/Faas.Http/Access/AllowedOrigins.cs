using Faas.Actors.Configuration;

namespace Faas.Http.Access;

/// <summary>
/// The web sites whose pages may call the server from a browser (<c>faas.http.cors-origins</c>).
/// Sources: Fetch standard, section "CORS protocol"; RFC 6454 for what an origin is.
/// </summary>
/// <param name="Origins">Each as a browser sends it: scheme, host, and a port that is not the scheme's own.</param>
/// <param name="Any">Every site may.</param>
public sealed record AllowedOrigins(IReadOnlySet<string> Origins, bool Any)
{
    private const string Setting = "faas.http.cors-origins";
    private const string Every = "*";

    /// <summary>What browsers send for pages without an origin, such as files.</summary>
    private const string Opaque = "null";

    /// <summary>No site.</summary>
    public static AllowedOrigins None { get; } = new(new HashSet<string>(), Any: false);

    /// <summary>Whether a page of this origin may call.</summary>
    public bool Allow(string origin) => Any || Origins.Contains(origin);

    /// <summary>Reads and checks the setting; throws <see cref="SettingException"/>.</summary>
    public static AllowedOrigins From(Settings settings)
    {
        var origins = settings.List(Setting);
        foreach (var origin in origins)
        {
            if (origin is not (Every or Opaque) && !IsOrigin(origin))
            {
                throw new SettingException(
                    Setting, origin, "scheme://host or scheme://host:port, in small letters and without a path, or null, or *");
            }
        }

        return new AllowedOrigins(origins.ToHashSet(StringComparer.Ordinal), origins.Contains(Every));
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Scheme is ("http" or "https")
            && uri.GetLeftPart(UriPartial.Authority) == text;
}
