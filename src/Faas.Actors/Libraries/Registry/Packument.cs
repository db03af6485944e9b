using System.Text.Json;
using System.Text.Json.Nodes;

namespace Faas.Actors.Libraries.Registry;

/// <summary>
/// The document of one package in a registry of npm: leaves out the versions that a build may not have, and says of the others where the
/// build is to fetch them. Source: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md.
/// </summary>
/// <remarks>
/// A tag such as <c>latest</c> that names a version that is left out goes to the newest one that is left, so that a package is not out of
/// reach for some days after each of its releases.
/// </remarks>
public static class Packument
{
    /// <summary>The media type of the form that npm installs from. It is ten times as short as the whole document, and has no times.</summary>
    public const string ShortType = "application/vnd.npm.install-v1+json";

    /// <summary>The media type of the whole document.</summary>
    public const string WholeType = "application/json";

    private static readonly string[] s_kept = ["name", "dist-tags", "versions", "time", "modified"];

    /// <summary>The document for a build. Throws <see cref="FormatException"/> or <see cref="JsonException"/> where it is none.</summary>
    /// <param name="document">The registry's.</param>
    /// <param name="registry">The registry that gave it.</param>
    /// <param name="rules">Which versions a build may have.</param>
    /// <param name="addressOf">Where the build is to fetch the tarball of a version, which lies at an address.</param>
    public static byte[] Rewrite(ReadOnlyMemory<byte> document, Uri registry, FileRules rules, Func<string, Uri, string> addressOf)
    {
        var packument = JsonNode.Parse(document.Span) as JsonObject ?? throw new FormatException("It is no object.");
        var versions = packument["versions"] as JsonObject ?? throw new FormatException("It has no versions.");
        var unchanged = TimeOf(packument["modified"]);
        foreach (var version in versions.Select(pair => pair.Key).ToArray())
        {
            if (!Shows(versions[version], TimeOf(packument["time"]?[version]) ?? unchanged, registry, rules, out var tarball))
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
    /// Whether the short form cannot tell which versions are old enough: the package has changed since, and it may have been by any version.
    /// </summary>
    public static bool NeedsWhole(ReadOnlyMemory<byte> document, FileRules rules) =>
        JsonNode.Parse(document.Span) is JsonObject packument
        && packument["time"] is null
        && !rules.IsOldEnough(TimeOf(packument["modified"]));

    private static bool Shows(JsonNode? version, DateTimeOffset? at, Uri registry, FileRules rules, out Uri tarball)
    {
        tarball = registry;
        if (version?["dist"] is not JsonObject dist
            || dist["integrity"] is not JsonValue
            || dist["tarball"] is not JsonValue address
            || !address.TryGetValue<string>(out var text)
            || !Uri.TryCreate(text, UriKind.Absolute, out var found))
        {
            return false;
        }

        tarball = found;
        return rules.Upstream.MayServe(registry, found) && rules.IsOldEnough(at);
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

        var newest = versions.Select(pair => pair.Key).MaxBy(NumbersOf)!;
        foreach (var tag in tags.Select(pair => pair.Key).ToArray())
        {
            if (tags[tag] is not JsonValue value || !value.TryGetValue<string>(out var version) || !versions.ContainsKey(version))
            {
                tags[tag] = newest;
            }
        }
    }

    // Every release is above every version that precedes one (https://semver.org/#spec-item-11).
    private static (bool IsRelease, Version Numbers) NumbersOf(string version)
    {
        var numbers = version.Split('-', '+')[0];
        return (!version.Contains('-'), Version.TryParse(numbers, out var parsed) ? parsed : new Version());
    }
}
