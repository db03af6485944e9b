using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Faas.Cli.Output;

namespace Faas.Cli.Connection;

/// <summary>
/// What <c>faas login</c> remembers: the server, and a key for each server. It is <c>faas/config.json</c> in the folder that
/// XDG_CONFIG_HOME names, or in <c>~/.config</c> (XDG Base Directory Specification). It holds keys, so it belongs to its owner alone:
/// one that others may read is refused.
/// </summary>
internal sealed record ConfigFile
{
    private const UnixFileMode OwnFolder = OwnFile.Mode | UnixFileMode.UserExecute;

    /// <summary>The server that is called when none is named.</summary>
    public string? Server { get; init; }

    /// <summary>The key of each server, by its URL.</summary>
    public IReadOnlyDictionary<string, string> Keys { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>Where it is.</summary>
    public static string Location { get; } = PathOf(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>Where it is, by the environment. A folder that is not absolute is ignored, as the specification says.</summary>
    public static string PathOf(string? configHome, string home) =>
        Path.Combine(
            configHome is { Length: > 0 } && Path.IsPathRooted(configHome) ? configHome : Path.Combine(home, ".config"),
            "faas",
            "config.json");

    /// <summary>Reads it; an empty one where there is no file. Throws <see cref="CliException"/> where it cannot be used.</summary>
    public static ConfigFile Read(string file)
    {
        if (!File.Exists(file))
        {
            return new ConfigFile();
        }

        try
        {
            return Parse(OwnFile.Read(file), file);
        }
        catch (JsonException wrong)
        {
            throw Wrong(file, $"is no JSON: {JsonError.Of(wrong)}");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Config, $"{file} cannot be read: {FileError.Of(failed)}.");
        }
    }

    /// <summary>Writes it, for its owner alone, whole or not at all.</summary>
    public void Write(string file)
    {
        var part = $"{file}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!, OwnFolder);
            try
            {
                using (var stream = OwnFile.Create(part, FileMode.Create))
                {
                    stream.Write(JsonSerializer.SerializeToUtf8Bytes(this, ConfigJson.Default.ConfigFile));
                    stream.Write("\n"u8);
                }

                File.Move(part, file, overwrite: true);
            }
            finally
            {
                File.Delete(part);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw CliException.NotWritten(file, failed);
        }
    }

    // By hand, so that a person reads what is wrong.
    private static ConfigFile Parse(string text, string file)
    {
        const string server = "server", keys = "keys";
        var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
        var root = JsonNode.Parse(text, documentOptions: options) as JsonObject ?? throw Wrong(file, "must be a JSON object.");
        if (root.Select(member => member.Key).FirstOrDefault(name => name is not (server or keys)) is { } unknown)
        {
            throw Wrong(file, $"has \"{unknown}\", which is not known; known are {server} and {keys}.");
        }

        return new ConfigFile
        {
            Server = root[server] is { } url ? TextOf(url) ?? throw Wrong(file, $"has a \"{server}\" that is no text.") : null,
            Keys = (root[keys] ?? new JsonObject()) is JsonObject all
                ? all.ToDictionary(
                    key => key.Key, key => TextOf(key.Value) ?? throw Wrong(file, $"has a key of {key.Key} that is no text."))
                : throw Wrong(file, $"has \"{keys}\" that are no JSON object."),
        };
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static CliException Wrong(string file, string what) =>
        new(ExitCode.Config, $"{file} {what} Mend it, or delete it and log in again.");
}

/// <summary>JSON of the file.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(ConfigFile))]
internal sealed partial class ConfigJson : JsonSerializerContext;
