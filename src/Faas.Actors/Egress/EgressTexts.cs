using Faas.Actors.Egress.Http;

namespace Faas.Actors.Egress;

/// <summary>What a script's author is told about a connection that is not let through.</summary>
internal static class EgressTexts
{
    private const int MostRules = 5;

    /// <summary>No rule permits the host at the port.</summary>
    public static EgressRefusal Denied(EgressGrant grant, ProxyTarget target)
    {
        var rules = grant.Allow.Rules;
        var listed = string.Join(", ", rules.Take(MostRules)) + (rules.Count > MostRules ? $" and {rules.Count - MostRules} more" : "");
        return new EgressRefusal(
            EgressVerdict.Denied,
            403,
            $"faas.network: '{target.Host}:{target.Port}' is not in the {(grant.Version is null ? "call" : "version")}'s network.allow "
                + $"({(rules.Count == 0 ? "which is empty" : listed)})");
    }

    /// <summary>The run has sent and received as much as it may.</summary>
    public static EgressRefusal Spent(long most) => new(
        EgressVerdict.Limit, 403, $"faas.network: the run has sent and received more than {most} bytes (faas.network.max-bytes).");

    /// <summary>There are as many connections as there may be.</summary>
    public static EgressRefusal Crowded(int most, string setting) =>
        new(EgressVerdict.Limit, 503, $"faas.network: {most} connections are open already (faas.network.{setting}).");

    /// <summary>The connection has carried nothing for too long, or has lasted too long.</summary>
    public static EgressRefusal Overtime(bool isIdle) => new(
        EgressVerdict.Limit, 504, $"faas.network: the connection was {(isIdle ? "idle" : "open")} for too long (faas.network."
            + $"{(isIdle ? "idle-timeout" : "max-time")}).");

    /// <summary>The head of a request is too long.</summary>
    public static EgressRefusal LongHead(int most) =>
        EgressRefusal.Malformed($"the head of the request has more than {most} bytes.", 431);

    /// <summary>What a tunnel of which the proxy ends TLS carries is no HTTP.</summary>
    public static EgressRefusal OtherProtocol { get; } =
        EgressRefusal.Malformed("in a tunnel to a host that a sealed secret is bound to, the proxy understands HTTP/1.1 alone.");

    /// <summary>The host's reply cannot be passed on.</summary>
    public static EgressRefusal BadReply(ProxyTarget target, string wrong) =>
        EgressRefusal.Malformed($"the reply of '{target.Host}:{target.Port}' {wrong}.", 502);

    /// <summary>The host's certificate is not one for its name that this machine trusts, or the host speaks no TLS.</summary>
    public static EgressRefusal Untrusted(ProxyTarget target, string why) => new(
        EgressVerdict.Untrusted, 502, $"faas.network: '{target.Host}:{target.Port}' {why}, so it gets no request with a sealed secret.");

    /// <summary>The authority of the proxy cannot sign a certificate for the host.</summary>
    public static EgressRefusal Unsigned(ProxyTarget target, string why) => new(
        EgressVerdict.Untrusted, 502, $"faas.network: the tunnel to '{target.Host}:{target.Port}' has no certificate: {why}");

    /// <summary>The TLS handshake names another host than the request.</summary>
    public static EgressRefusal Mismatch(ProxyTarget target, string wrong) => new(
        EgressVerdict.Mismatch, 403, $"faas.network: the TLS handshake of the tunnel to '{target.Host}' {wrong}.");
}
