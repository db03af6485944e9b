using Faas.Actors.Configuration;

namespace Faas.Http.Configuration;

/// <summary>A setting whose value differs between two readings. Pure.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="From">The value before, as a person reads it.</param>
/// <param name="To">The value now.</param>
public sealed record SettingChange(string Key, string From, string To)
{
    /// <summary>The setting of the log's level.</summary>
    public const string LogLevel = "faas.log.level";

    private const string Pool = "faas.pool.";
    private const string Akka = "akka";

    /// <summary>Whether a server that is running can work by the new value.</summary>
    public bool IsLive => IsLiveKey(Key);

    /// <summary>Whether the pool is to work by another value.</summary>
    public bool IsOfPool => Key.StartsWith(Pool, StringComparison.Ordinal);

    /// <summary>Whether a server that is running can work by another value of this key.</summary>
    public static bool IsLiveKey(string key) => key == LogLevel || key.StartsWith(Pool, StringComparison.Ordinal);

    /// <summary>What differs, in the order of the shipped file.</summary>
    public static IReadOnlyList<SettingChange> Between(FaasConfiguration before, FaasConfiguration now) =>
    [
        .. now.Values.Keys.Union(before.Values.Keys)
            .Select(key => (Key: key, Before: before.Values.GetValueOrDefault(key), Now: now.Values.GetValueOrDefault(key)))
            .Where(value => !IsSame(value.Before, value.Now))
            .Select(value => new SettingChange(value.Key, Plain(value.Key, value.Before), Plain(value.Key, value.Now))),
        .. before.Options.Hocon.ToString() == now.Options.Hocon.ToString()
            ? []
            : new[] { new SettingChange(Akka, SettingsText.NotShown, SettingsText.NotShown) },
    ];

    // Only the settings of an image may be missing: the shipped file has none.
    private static bool IsSame(SettingValue? one, SettingValue? other) =>
        one is null || other is null ? one == other : one.IsList == other.IsList && one.Texts.SequenceEqual(other.Texts);

    private static string Plain(string key, SettingValue? value) => value is null ? SettingsText.NotSet : SettingsText.Plain(key, value);
}
