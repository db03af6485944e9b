using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Faas.Actors.Libraries.Registry;

/// <summary>
/// The page of one library in the simple repository API of Python: reads it in both of its forms, and writes the form that is JSON.
/// Source: https://packaging.python.org/en/latest/specifications/simple-repository-api/.
/// </summary>
public static partial class SimplePage
{
    /// <summary>The media type of the form that is JSON.</summary>
    public const string JsonType = "application/vnd.pypi.simple.v1+json";

    /// <summary>What a registry is asked for: JSON, else HTML.</summary>
    public const string Accept = $"{JsonType}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

    private const string Sha256Fragment = "#sha256=";

    /// <summary>
    /// The files of a page. Throws <see cref="FormatException"/> or <see cref="JsonException"/> where it is no such page.
    /// </summary>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="page">The page, in UTF-8.</param>
    /// <param name="address">Where it is: addresses within it are relative to that.</param>
    public static IReadOnlyList<PublishedFile> Read(string? mediaType, ReadOnlyMemory<byte> page, Uri address) =>
        mediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true
            ? ReadJson(page, address)
            : ReadHtml(Encoding.UTF8.GetString(page.Span), address);

    /// <summary>Writes a page.</summary>
    /// <param name="name">The library.</param>
    /// <param name="files">Its files; each with a hash.</param>
    /// <param name="addressOf">Where the reader of the page is to fetch a file.</param>
    public static byte[] Write(LibraryName name, IEnumerable<PublishedFile> files, Func<PublishedFile, string> addressOf)
    {
        using var page = new MemoryStream();
        using (var json = new Utf8JsonWriter(page))
        {
            json.WriteStartObject();
            json.WriteStartObject("meta");
            json.WriteString("api-version", "1.0");
            json.WriteEndObject();
            json.WriteString("name", name.Text);
            json.WriteStartArray("files");
            foreach (var file in files)
            {
                Write(json, file, addressOf(file));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return page.ToArray();
    }

    private static void Write(Utf8JsonWriter json, PublishedFile file, string address)
    {
        json.WriteStartObject();
        json.WriteString("filename", file.Name);
        json.WriteString("url", address);
        json.WriteStartObject("hashes");
        json.WriteString("sha256", file.Sha256);
        json.WriteEndObject();
        if (file.RequiresPython is not null)
        {
            json.WriteString("requires-python", file.RequiresPython);
        }

        if (file.Yanked is not null)
        {
            json.WriteString("yanked", file.Yanked);
        }

        json.WriteEndObject();
    }

    private static PublishedFile[] ReadJson(ReadOnlyMemory<byte> page, Uri address)
    {
        using var document = JsonDocument.Parse(page);
        return
        [
            .. document.RootElement.GetProperty("files").EnumerateArray().Select(file => new PublishedFile(
                Required(file, "filename"),
                new Uri(address, Required(file, "url")),
                file.TryGetProperty("hashes", out var hashes) ? Text(hashes, "sha256") : null,
                Text(file, "requires-python"),
                file.TryGetProperty("upload-time", out var at) && at.ValueKind == JsonValueKind.String ? at.GetDateTimeOffset() : null,
                YankedOf(file))),
        ];
    }

    private static string Required(JsonElement file, string member) =>
        Text(file, member) ?? throw new FormatException($"A file has no '{member}'.");

    private static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // It is false, true, or a text that says why.
    private static string? YankedOf(JsonElement file) => !file.TryGetProperty("yanked", out var yanked) ? null : yanked.ValueKind switch
    {
        JsonValueKind.String => yanked.GetString(),
        JsonValueKind.True => "",
        _ => null,
    };

    private static PublishedFile[] ReadHtml(string page, Uri address) =>
        [.. Anchor().Matches(page).Select(anchor => Read(anchor, address))];

    private static PublishedFile Read(Match anchor, Uri address)
    {
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match attribute in Attribute().Matches(anchor.Groups["attributes"].Value))
        {
            attributes[attribute.Groups["name"].Value] = WebUtility.HtmlDecode(attribute.Groups["value"].Value);
        }

        var target = new Uri(address, attributes.GetValueOrDefault("href") ?? throw new FormatException("A link has no href."));
        return new PublishedFile(
            WebUtility.HtmlDecode(anchor.Groups["text"].Value).Trim(),
            new UriBuilder(target) { Fragment = "" }.Uri,
            target.Fragment.StartsWith(Sha256Fragment, StringComparison.Ordinal) ? target.Fragment[Sha256Fragment.Length..] : null,
            attributes.GetValueOrDefault("data-requires-python"),
            At: null,
            attributes.GetValueOrDefault("data-yanked"));
    }

    // On any page, each expression reads each character a few times at most.
    [GeneratedRegex("<a\\s(?<attributes>[^<>]*)>(?<text>[^<]*)</a>", RegexOptions.IgnoreCase)]
    private static partial Regex Anchor();

    [GeneratedRegex("(?<![a-z-])(?<name>[a-z-]+)\\s*=\\s*[\"'](?<value>[^\"']*)[\"']", RegexOptions.IgnoreCase)]
    private static partial Regex Attribute();
}
