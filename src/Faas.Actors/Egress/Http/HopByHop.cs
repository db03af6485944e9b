namespace Faas.Actors.Egress.Http;

/// <summary>
/// The fields that concern one connection and are never passed on (RFC 9110, section 7.6.1): the well-known ones, and those that
/// <c>Connection</c> names.
/// </summary>
internal static class HopByHop
{
    private static readonly HashSet<string> s_always = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info", "TE",
        "Trailer", "Upgrade", "HTTP2-Settings",
    };

    /// <summary>The fields without them.</summary>
    public static List<KeyValuePair<string, string>> Without(IReadOnlyList<KeyValuePair<string, string>> fields, params string[] others)
    {
        var named = new HashSet<string>(fields.ListOf("Connection").Concat(others), StringComparer.OrdinalIgnoreCase);
        return [.. fields.Where(field => !s_always.Contains(field.Key) && !named.Contains(field.Key))];
    }
}
