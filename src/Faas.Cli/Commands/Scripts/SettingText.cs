using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Actors.Configuration;
using Faas.Cli.Output;

namespace Faas.Cli.Commands.Scripts;

/// <summary>Writes a setting of a version as a person would write it: <c>64M</c>, <c>30s</c>.</summary>
internal static class SettingText
{
    /// <summary>One.</summary>
    public static string Of(string name, JsonNode value) => name switch
    {
        "timeout" => DurationText.Of(TimeSpan.FromSeconds(value.GetValue<double>())),
        "memory" or "tmpSize" => SizeText.Of(value.GetValue<long>()),
        _ when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => JsonLayout.Of(value, indented: false),
    };

    /// <summary>All of a version: <c>timeout=30s memory=64M</c>.</summary>
    public static string Of(JsonObject settings) =>
        string.Join(' ', settings.Select(setting => $"{setting.Key}={Of(setting.Key, setting.Value!)}"));
}
