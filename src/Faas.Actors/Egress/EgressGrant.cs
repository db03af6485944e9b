using Faas.Actors.Hosts;

namespace Faas.Actors.Egress;

/// <summary>What the run that is in a sandbox may reach, and whose it is in the audit.</summary>
/// <param name="Script">The script's path; null: code that was sent along.</param>
/// <param name="Version">The script's version; null: code that was sent along.</param>
/// <param name="CallId">The call; null: none is known.</param>
/// <param name="Allow">The hosts and ports that it may reach.</param>
public sealed record EgressGrant(string? Script, long? Version, string? CallId, EgressRules Allow)
{
    /// <summary>
    /// The hosts that the version binds each of its sealed secrets to. They say which tunnels the proxy ends TLS of: unlike the secrets,
    /// they are those of every run that may use the tunnel.
    /// </summary>
    public IReadOnlyList<EgressRules> Bindings { get; init; } = [];

    /// <summary>Its sealed secrets.</summary>
    public IReadOnlyList<SealedSecret> Sealed { get; init; } = [];

    /// <summary>Whether the version binds a sealed secret to a host at a port.</summary>
    public bool Binds(HostName host, int port) => Bindings.Any(hosts => hosts.Permits(host, port));
}
