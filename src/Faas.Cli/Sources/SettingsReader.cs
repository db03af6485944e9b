using System.Text.Json.Nodes;
using Faas.Actors.Json;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Sources;

/// <summary>
/// Reads the members by which a file says its path and the settings of its version, in the forms that <c>/upload</c> takes. What values
/// are in range is for the server to say. Throws <see cref="CliException"/>, which names the file, the member, the value and what is
/// allowed.
/// </summary>
internal static class SettingsReader
{
    private const string Path = "path";
    private static readonly string[] s_texts = [Path, "isolation", "handler", "description", "image"];

    private static readonly string[] s_known =
    [
        .. s_texts, "concurrency", "minWarm", "public", "timeout", "memory", "cpus", "pids", "tmpSize", "env", "secrets",
        "sealed", "secretsInEnv", "network", "labels", "dependencies", "tool", "inputSchema", "retry", "keep", "retention",
    ];

    /// <summary>Whether a member is a text, whatever it looks like.</summary>
    public static bool IsText(string name) => s_texts.Contains(name);

    /// <summary>The path, if there is one, and the settings.</summary>
    public static (string? Path, ScriptSettings Settings) Read(JsonObject members, string file)
    {
        var (path, settings) = ((string?)null, new ScriptSettings());
        foreach (var (name, value) in members)
        {
            if (!s_known.Contains(name))
            {
                throw CliException.Usage(NearestName.Of(name, s_known) is { } nearest
                    ? $"{file}: \"{name}\" is not known; did you mean {nearest}?"
                    : $"{file}: \"{name}\" is not known; known are {string.Join(", ", s_known)}.");
            }

            if (value is not null)
            {
                var member = new SettingMember(file, name, value);
                (path, settings) = name == Path ? (member.Text(), settings) : (path, With(settings, member));
            }
        }

        return (path, settings);
    }

    private static ScriptSettings With(ScriptSettings settings, SettingMember member) => member.Name switch
    {
        "isolation" => settings with { Isolation = member.Text() },
        "handler" => settings with { Handler = member.Text() },
        "description" => settings with { Description = member.Text() },
        "image" => settings with { Image = member.Text() },
        "concurrency" => settings with { Concurrency = member.Count() },
        "minWarm" => settings with { MinWarm = member.Count() },
        "pids" => settings with { Pids = member.Count() },
        "cpus" => settings with { Cpus = member.Number() },
        "public" => settings with { Public = member.Flag() },
        "secretsInEnv" => settings with { SecretsInEnv = member.Flag() },
        "keep" => settings with { Keep = member.Flag() },
        "retention" => settings with { Retention = member.Retention() },
        "tool" => settings with { Tool = member.Flag() },
        "timeout" => settings with { Timeout = member.Duration() },
        "retry" => settings with { Retry = member.Retry() },
        "memory" => settings with { MemoryBytes = member.Size() },
        "tmpSize" => settings with { TmpBytes = member.Size() },
        "env" => settings with { Env = member.Texts() },
        "labels" => settings with { Labels = member.Texts() },
        "dependencies" => settings with { Dependencies = member.Names() },
        "secrets" => settings with { Secrets = member.Names() },
        "sealed" => settings with { Sealed = member.Hosts() },
        "network" => settings with { Network = member.Network() },
        _ => settings with { InputSchema = member.Object() },
    };
}
