using Faas.Actors.Configuration;

namespace Faas.Actors.Scripts;

/// <summary><c>faas.scripts</c> of hocon/faas.conf, which documents each value.</summary>
public sealed record ScriptOptions(
    int SnapshotEvery, TimeSpan PassivateAfter, long CodeCacheBytes, TimeSpan CompileTimeout, Isolation Isolation, int MaxConcurrency = 1)
{
    /// <summary>The most that a version's settings may ask for.</summary>
    public SettingCeilings Ceilings { get; init; } = SettingCeilings.Shipped;

    /// <summary>Which versions are kept where a script does not say it.</summary>
    public Retention KeepByDefault { get; init; } = Retention.All;

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static ScriptOptions From(Settings settings) => new(
        settings.Int("faas.scripts.snapshot-every", 1, 10_000),
        settings.Duration("faas.scripts.passivate-after", TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)),
        settings.Size("faas.scripts.code-cache-size", 0, 4L << 30),
        settings.Duration("faas.scripts.compile-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
        settings.OneOf<Isolation>("faas.scripts.isolation"),
        settings.Int("faas.scripts.max-concurrency", 1, 1000))
    {
        Ceilings = SettingCeilings.From(settings),
        KeepByDefault = new Retention(
            RuleOf(settings, "faas.scripts.keep-newest", Retention.MostNewest),
            RuleOf(settings, "faas.scripts.keep-days", Retention.MostDays)),
    };

    // 0: there is no such rule.
    private static int? RuleOf(Settings settings, string key, int most) => settings.Int(key, 0, most) is > 0 and var count ? count : null;
}
