namespace Faas.Http.Api.Calls;

/// <summary>
/// The target of a request as it was sent (RFC 9112, section 3.2): a path with a query, or the same behind a scheme and a host, as a client
/// sends it through a proxy.
/// </summary>
public static class RequestTarget
{
    /// <summary>The path, percent-encoded as it was sent; empty: the target has none.</summary>
    public static string PathOf(string target)
    {
        var end = target.IndexOfAny(['?', '#']);
        var raw = end < 0 ? target : target[..end];
        if (raw.StartsWith('/'))
        {
            return raw;
        }

        var host = raw.IndexOf("://", StringComparison.Ordinal);
        var start = host < 0 ? -1 : raw.IndexOf('/', host + 3);
        return start < 0 ? "" : raw[start..];
    }
}
