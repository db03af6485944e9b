using System.Text.Json.Serialization;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;

namespace Faas.Http.Api.Settings;

/// <summary>The answer of <c>GET /api/v1/settings</c>.</summary>
/// <param name="Settings">Every setting, in the order of hocon/faas.conf.</param>
public sealed record SettingsReply(IReadOnlyList<SettingReply> Settings)
{
    /// <summary>What is in force: of settings that a reload cannot change, the values of the start.</summary>
    public static SettingsReply Of(SettingsReload reload) =>
        new([.. reload.AtStart.Values.Keys.Select(key => SettingReply.Of(key, reload))]);
}

/// <summary>One setting.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Value">Its value as text; secrets are not shown.</param>
/// <param name="Origin">Where it was written.</param>
/// <param name="Reloads">Whether a reload can change it.</param>
public sealed record SettingReply(string Key, string Value, string Origin, bool Reloads)
{
    /// <summary>The value in force.</summary>
    public static SettingReply Of(string key, SettingsReload reload)
    {
        var reloads = SettingChange.IsLiveKey(key);
        var value = (reloads ? reload.LastRead : reload.AtStart).Values[key];
        return new SettingReply(key, SettingsText.Plain(key, value), value.Origin ?? "default", reloads);
    }
}

/// <summary>The answer of <c>POST /api/v1/reload</c>.</summary>
/// <param name="Changed">What is in force from now on.</param>
/// <param name="AtNextStart">What is written otherwise than it is in force, and waits for the next start of the server.</param>
/// <param name="Notices">What the operator may not expect of the new settings on this machine.</param>
public sealed record ReloadReply(
    IReadOnlyList<ChangeReply> Changed, IReadOnlyList<ChangeReply> AtNextStart, IReadOnlyList<string> Notices)
{
    /// <summary>The same for a client.</summary>
    public static ReloadReply Of(ReloadReport report) =>
        new([.. report.Changed.Select(ChangeReply.Of)], [.. report.AtNextStart.Select(ChangeReply.Of)], report.Notices);
}

/// <summary>A setting with another value than before.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="From">The value before, as text.</param>
/// <param name="To">The value that was read.</param>
public sealed record ChangeReply(string Key, string From, string To)
{
    /// <summary>The same for a client.</summary>
    public static ChangeReply Of(SettingChange change) => new(change.Key, change.From, change.To);
}

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SettingsReply))]
[JsonSerializable(typeof(ReloadReply))]
internal sealed partial class SettingsJson : JsonSerializerContext;
