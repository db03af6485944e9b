using Faas.Actors.Configuration;

namespace Faas.Actors.Schedules;

/// <summary><c>faas.schedules</c> of hocon/faas.conf, which documents each value.</summary>
/// <param name="Enabled">Whether this server starts the runs of schedules.</param>
/// <param name="Count">The most schedules.</param>
/// <param name="Grace">How long an instant is on time.</param>
/// <param name="MostMissed">How many missed instants the rule <see cref="MissedRule.All"/> makes up for.</param>
public sealed record SchedulesOptions(bool Enabled, int Count, TimeSpan Grace, int MostMissed)
{
    private const string Section = "faas.schedules";

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static SchedulesOptions From(Settings settings) => new(
        settings.OneOf($"{Section}.enabled", "true", "false") == "true",
        settings.Int($"{Section}.count", 1, 100_000),
        settings.Duration($"{Section}.grace", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        settings.Int($"{Section}.most-missed", 1, 1000));
}
