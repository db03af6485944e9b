using Faas.Actors.Configuration;

namespace Faas.Actors.Scripts;

/// <summary>
/// The most that the settings of a version may ask for, and the least: <c>faas.scripts.max-…</c> of hocon/faas.conf, which documents each
/// value.
/// </summary>
public sealed record SettingCeilings
{
    /// <summary>The key of <see cref="Timeout"/>.</summary>
    public const string TimeoutKey = "faas.scripts.max-timeout";

    /// <summary>Those of the shipped settings.</summary>
    public static SettingCeilings Shipped { get; } = new();

    /// <summary>The shortest time that a run may have.</summary>
    public static TimeSpan LeastTimeout { get; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest time that a run may have.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Reads and checks the keys; throws <see cref="SettingException"/>.</summary>
    public static SettingCeilings From(Settings settings) => new()
    {
        Timeout = settings.Duration(TimeoutKey, LeastTimeout, TimeSpan.FromHours(24)),
    };

    /// <summary>The same, but not below what a version without settings gets: an author may always ask for that.</summary>
    /// <param name="timeout">The time that a run has by default.</param>
    public SettingCeilings NotBelow(TimeSpan timeout) => this with { Timeout = timeout > Timeout ? timeout : Timeout };
}
