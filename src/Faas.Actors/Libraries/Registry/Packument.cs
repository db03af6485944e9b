using System.Text.Json;
using System.Text.Json.Nodes;

namespace Faas.Actors.Libraries.Registry;

/// <summary>
/// The document of one package in a registry of npm: leaves out the versions that a build may not have, and says of the others where the
/// build is to fetch them. Source: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md.
/// </summary>
/// <remarks>
/// A tag such as <c>latest</c> that names a version that is left out goes to the highest one below it that is left, so that a package is
/// not out of reach for some days after each of its releases.
/// </remarks>
public static class Packument
{
    /// <summary>
    /// The media type of the form that npm installs from. It is ten times as short as the whole document, and has no times.
    /// </summary>
    public const string ShortType = "application/vnd.npm.install-v1+json";

    /// <summary>The media type of the whole document.</summary>
    public const string WholeType = "application/json";

    private static readonly string[] s_kept = ["name", "dist-tags", "versions", "time", "modified"];

    /// <summary>The document for a build. Throws <see cref="FormatException"/> or <see cref="JsonException"/> where it is none.</summary>
    /// <param name="document">The registry's.</param>
    /// <param name="registry">The registry that gave it.</param>
    /// <param name="rules">Which versions a build may have.</param>
    /// <param name="addressOf">Where the build is to fetch the tarball of a version, which lies at an address.</param>
    /// <param name="young">Gets the versions that are left out because they are too young.</param>
    /// <param name="undated">Gets those that are left out because the registry does not say their age.</param>
    public static byte[] Rewrite(
        ReadOnlyMemory<byte> document,
        Uri registry,
        FileRules rules,
        Func<string, Uri, string> addressOf,
        ICollection<string> young,
        ICollection<string> undated)
    {
        var packument = JsonNode.Parse(document.Span) as JsonObject ?? throw new FormatException("It is no object.");
        var versions = packument["versions"] as JsonObject ?? throw new FormatException("It has no versions.");
        var unchanged = TimeOf(packument["modified"]);
        foreach (var version in versions.Select(pair => pair.Key).ToArray())
        {
            var time = TimeOf((packument["time"] as JsonObject)?[version]) ?? unchanged;
            if (!rules.IsOldEnough(time))
            {
                (time is null ? undated : young).Add(version);
                versions.Remove(version);
                continue;
            }

            if (!Shows(versions[version], registry, rules, out var tarball))
            {
                versions.Remove(version);
                continue;
            }

            versions[version]!["dist"]!["tarball"] = addressOf(version, tarball);
        }

        Retag(packument, versions);
        foreach (var member in packument.Select(pair => pair.Key).Except(s_kept).ToArray())
        {
            packument.Remove(member);
        }

        return JsonSerializer.SerializeToUtf8Bytes(packument);
    }

    /// <summary>
    /// Whether the short form cannot tell which versions are old enough: the package has changed since, perhaps by any version.
    /// </summary>
    public static bool NeedsWhole(ReadOnlyMemory<byte> document, FileRules rules) =>
        JsonNode.Parse(document.Span) is JsonObject packument
        && packument["time"] is null
        && !rules.IsOldEnough(TimeOf(packument["modified"]));

    private static bool Shows(JsonNode? version, Uri registry, FileRules rules, out Uri tarball)
    {
        tarball = registry;
        if ((version as JsonObject)?["dist"] is not JsonObject dist
            || dist["integrity"] is not JsonValue
            || dist["tarball"] is not JsonValue address
            || !address.TryGetValue<string>(out var text)
            || !Uri.TryCreate(text, UriKind.Absolute, out var found))
        {
            return false;
        }

        tarball = found;
        return rules.Upstream.MayServe(registry, found);
    }

    private static DateTimeOffset? TimeOf(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<DateTimeOffset>(out var time) ? time : null;

    private static void Retag(JsonObject packument, JsonObject versions)
    {
        if (packument["dist-tags"] is not JsonObject tags || versions.Count == 0)
        {
            packument["dist-tags"] = new JsonObject();
            return;
        }

        var left = versions
            .Select(pair => (Text: pair.Key, Version: NpmVersion.Parse(pair.Key)))
            .Where(one => one.Version is not null)
            .ToList();
        foreach (var tag in tags.Select(pair => pair.Key).ToArray())
        {
            var tagged = tags[tag] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
            if (versions.ContainsKey(tagged))
            {
                continue;
            }

            tags.Remove(tag);
            if (NpmVersion.Parse(tagged) is { } wanted
                && left.Where(one => one.Version!.CompareTo(wanted) < 0).OrderBy(one => one.Version).LastOrDefault() is { Text: { } below })
            {
                tags[tag] = below;
            }
        }
    }
}
