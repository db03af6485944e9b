using Faas.Actors.Hosts;

namespace Faas.Actors.Scripts;

/// <summary>
/// What the setting <c>sealed</c> of a version may be, on any server. Each check returns what is wrong, as a sentence that goes on after
/// the name of the setting; null: nothing.
/// </summary>
public static class SealingRules
{
    /// <summary>The setting beside the others of its version.</summary>
    public static string? Check(ScriptSettings settings) =>
        settings.Sealed is not { } bound ? null
        : bound.Entries.Count > SettingRules.MostSecrets ? $"has {bound.Entries.Count} names; allowed are {SettingRules.MostSecrets}"
        : bound.Entries.Select(entry => CheckEntry(entry.Key, entry.Value, settings)).FirstOrDefault(wrong => wrong is not null);

    /// <summary>Whether a server that does not end TLS can do what the setting asks for.</summary>
    public static string? CheckWithoutInterception(SealedSecrets bound)
    {
        foreach (var (name, hosts) in bound.Entries)
        {
            if (hosts.Rules.FirstOrDefault(rule => rule.Ports.Contains(EgressRule.HttpsPort)) is { } secure)
            {
                return $"binds \"{name}\" to \"{secure.Text}\", which has the port {EgressRule.HttpsPort}. To put a secret into a "
                    + "request over TLS, the server must end TLS, which its operator has not enabled (faas.network.interception). Allowed "
                    + "are hosts with the port of plain HTTP, such as \"api.example.com:80\"";
            }
        }

        return null;
    }

    private static string? CheckEntry(string name, EgressRules hosts, ScriptSettings settings) =>
        SettingRules.CheckSecretName(name)
        ?? (settings.Secrets?.Names.Contains(name) == true
                ? $"names \"{name}\", and \"secrets\" lists it, too; a script has the value of a secret or a placeholder"
            : hosts.Rules.Count == 0 ? $"binds \"{name}\" to no host; name one of \"network\", or leave the secret out"
            : settings.Network is not { Allow: var allow } ? $"binds \"{name}\" to \"{hosts}\", but \"network\" allows no host"
            : allow.FirstOutside(hosts) is { } outside
                ? $"binds \"{name}\" to \"{outside.Text}\", which \"network\" does not allow; it allows {allow}"
            : null);
}
