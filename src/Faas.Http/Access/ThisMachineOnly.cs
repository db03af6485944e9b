using System.Net;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Access;

/// <summary>
/// Keeps web pages out of a server without keys. Theory of operation: such a server listens on loopback and trusts
/// every user of the machine, but a browser on the machine also runs the pages of strangers. A page reaches the server
/// in two ways. Its own name can be made to mean 127.0.0.1 (DNS rebinding): then the Host header still holds that name,
/// so the server answers only to names that no one else can own. Or it posts across sites, without reading the answer: then a
/// browser adds an Origin header, so an Origin that is neither this machine nor one of faas.http.cors-origins is refused.
/// Programs send no Origin. A server with keys makes neither check, because a browser adds no key by itself.
/// </summary>
public static class ThisMachineOnly
{
    /// <summary>The problem: 421 for a foreign Host, 403 for a foreign Origin; null: the request may be from this machine.</summary>
    public static Problem? Check(HttpRequest request, AccessOptions access)
    {
        if (!IsLoopback(request.Host.Host))
        {
            return FaasProblems.Misdirected(
                "Without keys the server answers to localhost, 127.0.0.1 and [::1] only; the Host header names another. "
                + "Set faas.http.api-keys to serve other names.");
        }

        foreach (var origin in request.Headers.Origin)
        {
            if (origin is null || !access.AllowsPageOf(origin))
            {
                return FaasProblems.ForeignOrigin;
            }
        }

        return null;
    }

    /// <summary>Whether a page of this origin is served by this machine.</summary>
    public static bool IsThisMachine(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsLoopback(page.Host);

    /// <summary>Whether a host, without its port, can only be this machine: <c>localhost</c> or a loopback address.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
