namespace Faas.Http.Api.Functions;

/// <summary>
/// Headers that speak of one connection and not of the request or the answer, so a function neither sees nor sets them (RFC 9110,
/// section 7.6.1). <c>Content-Length</c> and <c>Transfer-Encoding</c> are the server's own affair.
/// </summary>
public static class HopByHop
{
    private static readonly HashSet<string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade",
    };

    /// <summary>Whether the header is one of them.</summary>
    public static bool Is(string name) => s_names.Contains(name);
}
