using System.Text.Json;
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
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = Own | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

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

        if (WhyExposed(file) is { } exposed)
        {
            throw new CliException(ExitCode.Config, exposed);
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), ConfigJson.Default.ConfigFile)
                ?? throw new CliException(ExitCode.Config, $"{file} is null; it must be a JSON object. Delete it, and log in again.");
        }
        catch (JsonException wrong)
        {
            throw new CliException(
                ExitCode.Config, $"{file} cannot be read: {wrong.Message.ReplaceLineEndings(" ")} Mend it, or delete it and log in again.");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Config, $"{file} cannot be read: {failed.Message}");
        }
    }

    /// <summary>Why others may read or write the file; null: they may not.</summary>
    public static string? WhyExposed(string file) => (File.GetUnixFileMode(file) & Others) is 0
        ? null
        : $"{file} holds keys, and other users may read or write it. Run: chmod 600 {file}";

    /// <summary>Writes it, for its owner alone, whole or not at all.</summary>
    public void Write(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder, OwnFolder);
        var part = $"{file}.{Environment.ProcessId}";
        using (var stream = new FileStream(part, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = Own,
        }))
        {
            JsonSerializer.Serialize(stream, this, ConfigJson.Default.ConfigFile);
            stream.Write("\n"u8);
        }

        File.Move(part, file, overwrite: true);
    }
}

/// <summary>JSON of the file.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true)]
[JsonSerializable(typeof(ConfigFile))]
internal sealed partial class ConfigJson : JsonSerializerContext;
