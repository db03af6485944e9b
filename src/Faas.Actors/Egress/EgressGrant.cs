using Faas.Actors.Hosts;

namespace Faas.Actors.Egress;

/// <summary>What the run that is in a sandbox may reach, and whose it is in the audit.</summary>
/// <param name="Script">The script's path; null: code that was sent along.</param>
/// <param name="Version">The script's version; null: code that was sent along.</param>
/// <param name="CallId">The call; null: none is known.</param>
/// <param name="Allow">The hosts and ports that it may reach.</param>
public sealed record EgressGrant(string? Script, long? Version, string? CallId, EgressRules Allow)
{
    /// <summary>Its sealed secrets.</summary>
    public IReadOnlyList<SealedSecret> Sealed { get; init; } = [];
}
