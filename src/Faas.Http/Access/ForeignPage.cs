namespace Faas.Http.Access;

/// <summary>
/// Tells whether a browser sends a request for a page that may not call. Such a page can send a body of a simple type anywhere without
/// asking first (Fetch standard, "CORS-safelisted request-header"), but it cannot send JSON without a preflight, which it does not pass.
/// </summary>
public static class ForeignPage
{
    /// <summary>Whether the request has an Origin header that is neither the server's own host nor an allowed site.</summary>
    public static bool Sent(HttpRequest request, AccessOptions access)
    {
        foreach (var origin in request.Headers.Origin)
        {
            if (origin is null || !(IsOwn(origin, request.Host) || access.AllowsPageOf(origin)))
            {
                return true;
            }
        }

        return false;
    }

    // The scheme is not compared: a proxy in front may have ended TLS.
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
