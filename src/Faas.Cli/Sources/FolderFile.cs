using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Actors.Json;
using Faas.Cli.Output;

namespace Faas.Cli.Sources;

/// <summary>
/// A <c>faas.json</c> beside scripts: <c>path</c>, the path of the folder; <c>defaults</c>, settings of all its scripts; <c>scripts</c>,
/// members of each script by its file's name. What a script's own comments say wins over <c>scripts</c>, and that over <c>defaults</c>.
/// With <c>entry</c>, the folder is one script: <c>path</c> is its path, and <c>defaults</c> are its settings.
/// </summary>
internal sealed class FolderFile
{
    /// <summary>Its name.</summary>
    public const string Name = "faas.json";

    private const string PathName = "path", Defaults = "defaults", Scripts = "scripts", EntryName = "entry";
    private static readonly string[] s_known = [PathName, Defaults, Scripts, EntryName];
    private readonly JsonObject _root;
    private readonly string _file;

    private FolderFile(JsonObject root, string file) => (_root, _file) = (root, file);

    /// <summary>One that says nothing.</summary>
    public static FolderFile None { get; } = new([], Name);

    /// <summary>That beside a script. Throws <see cref="CliException"/>.</summary>
    public static FolderFile Beside(string script) => In(Path.GetDirectoryName(script) ?? "");

    /// <summary>That in a folder. Throws <see cref="CliException"/>.</summary>
    public static FolderFile In(string folder)
    {
        var file = Path.Combine(folder, Name);
        if (!File.Exists(file))
        {
            return None;
        }

        var read = Parse(SourceFile.Text(file), file);
        read.CheckScripts();
        return read;
    }

    /// <summary>Reads one. Throws <see cref="CliException"/>.</summary>
    public static FolderFile Parse(string text, string file)
    {
        try
        {
            var options = new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false,
            };
            var root = JsonNode.Parse(text, documentOptions: options) as JsonObject
                ?? throw CliException.Usage($"{file} must be a JSON object.");
            if (root.Select(member => member.Key).FirstOrDefault(name => !s_known.Contains(name)) is { } unknown)
            {
                var nearest = NearestName.Of(unknown, s_known);
                throw CliException.Usage(nearest is null
                    ? $"{file}: \"{unknown}\" is not known; known are {string.Join(", ", s_known)}."
                    : $"{file}: \"{unknown}\" is not known; did you mean {nearest}?");
            }

            return new FolderFile(root, file);
        }
        catch (JsonException wrong)
        {
            throw CliException.Usage($"{file} is no JSON: {JsonError.Of(wrong)}");
        }
    }

    /// <summary>The file that runs, if the folder is one script; null: each file is a script. Throws <see cref="CliException"/>.</summary>
    public string? Entry => Text(EntryName, "the file of the folder that runs");

    /// <summary>What it says about the folder as one script, for the caller to change. Throws <see cref="CliException"/>.</summary>
    public JsonObject MembersOfTree() => _root[Scripts] is null
        ? MembersOf("")
        : throw CliException.Usage($"{_file}: \"{Scripts}\" is about single files; a folder that is one script has \"{Defaults}\".");

    /// <summary>The path of the folder as one script; null: it has none. Throws <see cref="CliException"/>.</summary>
    public string? PathOfTree() => Text(PathName, "the path of the script");

    /// <summary>What it says about a script, for the caller to change. Throws <see cref="CliException"/>.</summary>
    public JsonObject MembersOf(string name)
    {
        var members = Object(_root, Defaults)?.DeepClone().AsObject() ?? [];
        if (members.ContainsKey(PathName))
        {
            throw CliException.Usage($"{_file}: \"{Defaults}\" has a \"{PathName}\"; that of the folder stands beside \"{Defaults}\".");
        }

        if (Object(_root, Scripts) is { } scripts && Object(scripts, name) is { } own)
        {
            foreach (var (member, value) in own)
            {
                members[member] = value?.DeepClone();
            }
        }

        return members;
    }

    /// <summary>The path of a script by that of the folder; null: the folder has none.</summary>
    public string? PathOf(string script) => _root[PathName] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var path) && path.Length > 0 =>
            $"{path.TrimEnd('/')}/{Path.GetFileNameWithoutExtension(script)}",
        var other => throw CliException.Usage(
            $"{_file}: \"{PathName}\" is {other.ToJsonString()}; allowed is the path of a script's folder."),
    };

    private string? Text(string name, string allowed) => _root[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) && text.Length > 0 => text,
        var other => throw CliException.Usage($"{_file}: \"{name}\" is {other.ToJsonString()}; allowed is {allowed}."),
    };

    // What is said about a file that is not there is a slip: of the name here, or of the file's.
    private void CheckScripts()
    {
        var folder = Path.GetDirectoryName(_file) is { Length: > 0 } above ? above : ".";
        string[] missing =
        [
            .. (Object(_root, Scripts) ?? []).Select(script => script.Key)
                .Where(name => name != Path.GetFileName(name) || !File.Exists(Path.Combine(folder, name))),
        ];
        if (missing is [var first, ..])
        {
            var files = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!);
            throw CliException.Usage($"{_file}: \"{Scripts}\" has {string.Join(", ", missing.Select(name => $"\"{name}\""))}, "
                + (missing.Length == 1 ? "which is no file beside it" : "which are no files beside it")
                + (missing.Length == 1 && NearestName.Of(first, files) is { } nearest ? $"; did you mean {nearest}?" : "."));
        }
    }

    private JsonObject? Object(JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonObject value => value,
        var other => throw CliException.Usage($"{_file}: \"{name}\" is {other.ToJsonString()}; allowed is a JSON object."),
    };
}
