using System.Text.Json;
using System.Text.RegularExpressions;

namespace Faas.Actors.Archives;

/// <summary>
/// Says in words of the archive why a line, or the settings in it, cannot be read: which member, what it is, what is allowed. The JSON
/// reader's own message speaks of the code.
/// </summary>
public static partial class ArchiveFault
{
    private const int MostQuoted = 40;
    private const string Text = "a text", Whole = "a whole number", Boolean = "true or false";

    // Whose members' names are their author's.
    private static readonly string[] s_free = ["env", "labels", "inputSchema", "sealed"];

    private static readonly Dictionary<string, string> s_allowed = new()
    {
        ["script"] = Text, ["language"] = Text, ["hash"] = Text, ["source"] = Text, ["end"] = Text, ["sha256"] = Text, ["void"] = Text,
        ["why"] = Text, ["image"] = Text, ["lock"] = Text, ["entry"] = Text, ["name"] = Text, ["text"] = Text, ["base64"] = Text,
        ["sticky"] = Text, ["handler"] = Text, ["description"] = Text,
        ["highest"] = Whole, ["revision"] = Whole, ["version"] = Whole, ["versions"] = Whole, ["scripts"] = Whole, ["newest"] = Whole,
        ["days"] = Whole, ["weight"] = Whole, ["other"] = Whole, ["concurrency"] = Whole, ["pids"] = Whole, ["minWarm"] = Whole,
        ["memory"] = "a whole number of bytes", ["tmpSize"] = "a whole number of bytes", ["cpus"] = "a number",
        ["timeout"] = "a number of seconds",
        ["enabled"] = Boolean, ["public"] = Boolean, ["secretsInEnv"] = Boolean, ["tool"] = Boolean,
        ["uploaded"] = "a time, such as \"2026-02-08T07:33:20Z\"",
        ["isolation"] = "\"sandbox\", \"process\" or \"shared\"",
        ["keep"] = "an object with \"newest\", \"days\" or both; in settings, true or false", ["aliases"] = "an object of aliases",
        ["target"] = "an object with a \"version\"", ["before"] = "an object with a \"version\"", ["settings"] = "an object",
        ["env"] = "an object of texts", ["labels"] = "an object of texts", ["secrets"] = "an array of texts",
        ["sealed"] = "an object of arrays of hosts",
        ["network"] = "an object with an array \"allow\" of hosts", ["allow"] = "an array of hosts",
        ["dependencies"] = "an array of texts", ["files"] = "an array of files",
        ["retention"] = "an object with \"count\", \"age\" or both", ["count"] = Whole, ["age"] = "a number of seconds",
        ["inputSchema"] = "a JSON schema",
        ["retry"] = "an object with \"attempts\"", ["attempts"] = Whole, ["on"] = "an array of reasons",
        ["delay"] = "a number of seconds", ["maxDelay"] = "a number of seconds",
    };

    /// <summary>What is wrong, as a sentence without its end.</summary>
    /// <param name="fault">What the JSON reader says.</param>
    /// <param name="json">What was read.</param>
    public static string Of(Exception fault, ReadOnlyMemory<byte> json)
    {
        JsonElement value;
        try
        {
            using var document = JsonDocument.Parse(json);
            value = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return fault is JsonException { BytePositionInLine: { } at } ? $"it is no JSON from byte {at + 1} on" : "it is no JSON";
        }

        return value.ValueKind != JsonValueKind.Object
            ? $"it is {Quoted(value)}; allowed is an object"
            : Of(value, fault is JsonException { Path: { } path } ? NamesOf(path) : []);
    }

    // Goes down to the last member that the form knows: what stands below it is its value.
    private static string Of(JsonElement within, IReadOnlyList<string> names)
    {
        string? known = null;
        var value = within;
        foreach (var name in names)
        {
            if (within.ValueKind != JsonValueKind.Object || (known is not null && s_free.Contains(known)))
            {
                break;
            }

            if (Twice(within) is { } twice)
            {
                return $"it has the member \"{Cut(twice)}\" twice";
            }

            if (!s_allowed.ContainsKey(name) && known != "aliases")
            {
                return $"it has a member \"{Cut(name)}\", which this server does not know";
            }

            if (!within.TryGetProperty(name, out within))
            {
                break;
            }

            (known, value) = s_allowed.ContainsKey(name) ? (name, within) : (known, value);
        }

        return known is not null ? $"\"{known}\" is {Quoted(value)}; allowed is {s_allowed[known]}"
            : Twice(within) is { } again ? $"it has the member \"{Cut(again)}\" twice"
            : Unknown(within) is { } unknown ? $"it has a member \"{Cut(unknown)}\", which this server does not know"
            : "it has a member that is not of its form";
    }

    private static string? Unknown(JsonElement value) => value.ValueKind != JsonValueKind.Object ? null
        : value.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !s_allowed.ContainsKey(name));

    private static string? Twice(JsonElement value) => value.ValueKind != JsonValueKind.Object ? null
        : value.EnumerateObject().GroupBy(member => member.Name).FirstOrDefault(group => group.Count() > 1)?.Key;

    private static List<string> NamesOf(string path) => [.. Members().Matches(path).Select(NameOf)];

    private static string NameOf(Match member) =>
        member.Groups["plain"] is { Success: true } plain ? plain.Value : member.Groups["quoted"].Value;

    private static string Quoted(JsonElement value) => Cut(value.GetRawText().ReplaceLineEndings(" "));

    private static string Cut(string text) => text.Length <= MostQuoted ? text : $"{text[..MostQuoted]}…";

    [GeneratedRegex(@"\.(?<plain>[^.\[\]]+)|\['(?<quoted>(?:[^'\\]|\\.)*)'\]")]
    private static partial Regex Members();
}
