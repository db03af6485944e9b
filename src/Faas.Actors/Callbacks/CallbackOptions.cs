using Faas.Actors.Configuration;
using Faas.Actors.Hosts;

namespace Faas.Actors.Callbacks;

/// <summary><c>faas.callbacks</c> of hocon/faas.conf, which documents each value.</summary>
/// <param name="Hosts">The hosts and ports that callbacks may be sent to.</param>
/// <param name="Secrets">The secrets that each callback is signed with.</param>
/// <param name="Attempts">How often a callback is sent before it is dead.</param>
/// <param name="FirstDelay">How long after the first attempt the second one comes, at most.</param>
/// <param name="LongestDelay">The longest time between two attempts.</param>
/// <param name="Timeout">How long one attempt may take.</param>
public sealed record CallbackOptions(
    EgressRules Hosts, IReadOnlyList<CallbackSecret> Secrets, int Attempts, TimeSpan FirstDelay, TimeSpan LongestDelay, TimeSpan Timeout)
{
    /// <summary>The key of <see cref="Hosts"/>.</summary>
    public const string HostsKey = "faas.callbacks.hosts";

    /// <summary>The key of <see cref="Secrets"/>.</summary>
    public const string SecretKey = "faas.callbacks.secret";

    private const string Section = "faas.callbacks";

    /// <summary>Which setting is missing for callbacks to be sent; null: none.</summary>
    public string? Missing => Hosts.Rules.Count == 0 ? HostsKey : Secrets.Count == 0 ? SecretKey : null;

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>, whose message has no secret.</summary>
    public static CallbackOptions From(Settings settings)
    {
        var first = settings.Duration($"{Section}.first-delay", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        return new CallbackOptions(
            HostsOf(settings),
            [.. settings.List(SecretKey).Select(text => CallbackSecret.Parse(text)
                ?? throw new SettingException(SecretKey, "(not shown)", CallbackSecret.Allowed))],
            settings.Int($"{Section}.attempts", 1, 100),
            first,
            settings.Duration($"{Section}.longest-delay", first, TimeSpan.FromHours(24)),
            settings.Duration($"{Section}.timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(2)));
    }

    private static EgressRules HostsOf(Settings settings)
    {
        var texts = settings.List(HostsKey);
        return texts.FirstOrDefault(text => !EgressRule.TryParse(text, out _, out _)) is { } wrong
            ? throw new SettingException(HostsKey, wrong, EgressRule.Allowed)
            : EgressRules.TryParse(texts, out var rules, out _) ? rules
            : throw new SettingException(HostsKey, $"{texts.Count} rules", $"at most {EgressRules.Most} rules");
    }
}
