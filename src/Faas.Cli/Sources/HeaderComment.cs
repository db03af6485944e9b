using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Cli.Output;

namespace Faas.Cli.Sources;

/// <summary>
/// Reads what a script says about itself in the comments at its beginning: <c># faas: timeout = 30s</c> in Python and
/// <c>// faas: timeout = 30s</c> in JavaScript and TypeScript. Each such line has one member; its value is JSON, or a text as it stands.
/// The first line that is neither empty nor a comment ends them.
/// </summary>
internal static class HeaderComment
{
    private const string Mark = "faas:";
    private static readonly JsonDocumentOptions s_once = new() { AllowDuplicateProperties = false };

    /// <summary>The members. Throws <see cref="CliException"/>, which names the line.</summary>
    /// <param name="code">The script.</param>
    /// <param name="hash">Whether comments begin with <c>#</c>.</param>
    /// <param name="file">The script's name, for messages.</param>
    public static JsonObject Read(string code, bool hash, string file)
    {
        var members = new JsonObject();
        foreach (var (index, line) in code.Split('\n').Index())
        {
            var text = line.Trim();
            if (text.Length == 0 || text.StartsWith("#!", StringComparison.Ordinal))
            {
                continue;
            }

            var begin = hash ? "#" : "//";
            if (!text.StartsWith(begin, StringComparison.Ordinal))
            {
                break;
            }

            var comment = text[begin.Length..].TrimStart();
            if (comment.StartsWith(Mark, StringComparison.Ordinal))
            {
                Add(members, comment[Mark.Length..], $"{file}:{index + 1}");
            }
        }

        return members;
    }

    private static void Add(JsonObject members, string member, string place)
    {
        var parts = member.Split('=', 2, StringSplitOptions.TrimEntries);
        if (parts is not [{ Length: > 0 } name, { Length: > 0 } value])
        {
            throw CliException.Usage($"{place}: \"{Mark}{member}\" is no setting; write \"{Mark} timeout = 30s\", for example.");
        }

        if (!members.TryAdd(name, ValueOf(name, value)))
        {
            throw CliException.Usage($"{place}: \"{name}\" is set a second time.");
        }
    }

    // A description may look like JSON, and a text in quotes is JSON.
    private static JsonNode? ValueOf(string name, string value)
    {
        if (SettingsReader.IsText(name) && !value.StartsWith('"'))
        {
            return value;
        }

        try
        {
            return JsonNode.Parse(value, documentOptions: s_once);
        }
        catch (JsonException)
        {
            return value;
        }
    }
}
