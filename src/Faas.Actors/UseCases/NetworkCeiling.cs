using Faas.Actors.Hosts;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>What the versions of a server may ask for outside of their sandboxes.</summary>
/// <param name="Allow">The hosts that the operator permits.</param>
/// <param name="IsSupported">Whether the server can let a sandbox reach a host at all.</param>
public sealed record NetworkCeiling(EgressRules Allow, bool IsSupported)
{
    private const string Key = "faas.network.allow";

    /// <summary>No host is permitted.</summary>
    public static NetworkCeiling Closed { get; } = new(EgressRules.None, IsSupported: true);

    /// <summary>What a version asks for and may not, as a sentence that goes on after the setting's name; null: nothing.</summary>
    /// <param name="asked">The setting.</param>
    /// <param name="key">The caller's key, and what its owner may ask for; null: it has no limit of its own.</param>
    public string? Check(NetworkSetting asked, (string Name, EgressRules Allow)? key) =>
        Allow.FirstOutside(asked.Allow) is { } outside ? Outside(outside, $"the server ({Key})", Allow)
        : key?.Allow.FirstOutside(asked.Allow) is { } forbidden ? Outside(forbidden, $"the key \"{key.Value.Name}\"", key.Value.Allow)
        : null;

    /// <summary>Whether the proxy may end TLS for requests with sealed secrets.</summary>
    public bool HasInterception { get; init; }

    /// <summary>What sealed secrets ask for and this server cannot do, as a sentence that goes on after the setting's name.</summary>
    public string? Check(SealedSecrets? bound) =>
        bound is null || HasInterception ? null : SealingRules.CheckWithoutInterception(bound);

    /// <summary>Why runs with these settings cannot be had here; null: they can.</summary>
    public Refusal? Refuse(RunSettings? settings) => settings?.Network is null || IsSupported ? null : new Refusal(
        RefusalReason.NetworkUnsupported,
        "The version asks for hosts (network), but this server can let no script reach one: to listen in a sandbox, it must run as root, "
            + "on Linux 5.8 or later.");

    private static string Outside(EgressRule rule, string who, EgressRules allow) =>
        $"asks for \"{rule.Text}\", which {who} does not permit; "
        + (allow.Rules.Count == 0 ? "it permits no host" : $"it permits {allow}");
}
