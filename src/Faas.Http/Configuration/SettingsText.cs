using System.Text;
using Faas.Actors.Callbacks;
using Faas.Actors.Configuration;

namespace Faas.Http.Configuration;

/// <summary>The effective settings as a text that a person reads, and that <c>FAAS_CONFIG</c> could name. Secrets are not in it.</summary>
public static class SettingsText
{
    /// <summary>In the place of a secret.</summary>
    public const string NotShown = "(not shown)";

    /// <summary>In the place of the value of a setting that is not set.</summary>
    public const string NotSet = "(not set)";

    private static readonly string[] s_secret =
    [
        "faas.http.api-keys", "faas.store.redis.password", "faas.store.redis.url", "faas.store.redis.configuration",
        CallbackOptions.SecretKey,
    ];

    /// <summary>A line a setting, in the order of the shipped file: key, value, and where it was written.</summary>
    public static string Of(FaasConfiguration configuration)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in configuration.Values)
        {
            text.Append($"{key} = {Shown(key, value)}  # {value.Origin ?? "default"}\n");
        }

        if (!configuration.Options.Hocon.IsEmpty)
        {
            text.Append("# The akka section of the override file goes to the actor system.\n");
        }

        return text.ToString();
    }

    /// <summary>The value as a person reads it where it is not part of a file.</summary>
    public static string Plain(string key, SettingValue value) =>
        IsSecret(key, value) ? NotShown
        : value.IsList ? string.Join(", ", value.Texts)
        : value.Texts[0];

    private static bool IsSecret(string key, SettingValue value) => s_secret.Contains(key) && value.Texts.Any(text => text.Length > 0);

    private static string Shown(string key, SettingValue value) =>
        IsSecret(key, value) ? HoconQuote.Of(NotShown)
        : value.IsList ? $"[{string.Join(", ", value.Texts.Select(HoconQuote.Of))}]"
        : HoconQuote.Of(value.Texts[0]);
}
