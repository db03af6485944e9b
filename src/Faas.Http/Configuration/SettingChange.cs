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
        .. now.Values
            .Where(value => !IsSame(before.Values[value.Key], value.Value))
            .Select(value => new SettingChange(
                value.Key, SettingsText.Plain(value.Key, before.Values[value.Key]), SettingsText.Plain(value.Key, value.Value))),
        .. before.Options.Hocon.ToString() == now.Options.Hocon.ToString()
            ? []
            : new[] { new SettingChange(Akka, SettingsText.NotShown, SettingsText.NotShown) },
    ];

    private static bool IsSame(SettingValue one, SettingValue other) => one.IsList == other.IsList && one.Texts.SequenceEqual(other.Texts);
}
