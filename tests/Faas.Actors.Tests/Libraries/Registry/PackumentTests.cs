using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Registry;
using Xunit;

namespace Faas.Actors.Tests.Libraries.Registry;

public sealed class PackumentTests
{
    private static readonly Uri s_registry = new("https://registry.test/");
    private static readonly FileRules s_rules = new(
        new Upstream(s_registry, [], null, []), TimeSpan.FromDays(1), new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_version_that_is_too_young_is_left_out_and_the_tag_goes_to_the_newest_that_is_left()
    {
        var packument = Rewrite(Document(
            """ "latest": "2.0.0" """,
            """ "1.10.0": "2026-01-01T00:00:00Z", "1.9.0": "2026-02-01T00:00:00Z", "2.0.0-rc.1": "2026-02-01T00:00:00Z", "2.0.0": "2026-05-31T20:00:00Z" """,
            "1.10.0", "1.9.0", "2.0.0-rc.1", "2.0.0"));
        Assert.Equal(["1.10.0", "1.9.0", "2.0.0-rc.1"], packument["versions"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal("2.0.0-rc.1", (string?)packument["dist-tags"]!["latest"]);
        Assert.Equal("/files/1.10.0.tgz", (string?)packument["versions"]!["1.10.0"]!["dist"]!["tarball"]);
        Assert.Null(packument["readme"]);
    }

    [Fact]
    public void A_tag_goes_to_no_version_above_the_one_that_it_names()
    {
        var packument = Rewrite(Document(
            """ "latest": "18.3.1", "old": "1.0.0", "next": "19.0.0" """,
            """ "18.3.0": "2026-01-01T00:00:00Z", "18.3.1": "2026-05-31T20:00:00Z", "19.0.0": "2026-02-01T00:00:00Z" """,
            "18.3.0", "18.3.1", "19.0.0"));
        Assert.Equal("18.3.0", (string?)packument["dist-tags"]!["latest"]);
        Assert.Equal("19.0.0", (string?)packument["dist-tags"]!["next"]);
        Assert.Null(packument["dist-tags"]!["old"]);
    }

    [Theory]
    [InlineData("1.0.0-alpha", "1.0.0-alpha.1")]
    [InlineData("1.0.0-alpha.1", "1.0.0-alpha.beta")]
    [InlineData("1.0.0-beta.2", "1.0.0-beta.11")]
    [InlineData("1.0.0-rc.1", "1.0.0")]
    [InlineData("1.9.0", "1.10.0+build")]
    [InlineData("1.10.0", "2.0.0-0")]
    public void Versions_are_ordered_as_SemVer_says(string lower, string higher)
    {
        Assert.True(NpmVersion.Parse(lower)!.CompareTo(NpmVersion.Parse(higher)) < 0);
        Assert.True(NpmVersion.Parse(higher)!.CompareTo(NpmVersion.Parse(lower)) > 0);
        Assert.Equal(0, NpmVersion.Parse(lower)!.CompareTo(NpmVersion.Parse(lower)));
    }

    [Fact]
    public void A_version_whose_tarball_is_elsewhere_or_has_no_hash_is_left_out()
    {
        var document = Document(""" "latest": "1.0.0" """, """ "1.0.0": "2026-01-01T00:00:00Z" """, "1.0.0");
        Assert.Empty(Rewrite(document.Replace("https://registry.test/a/-/", "https://other.test/"))["versions"]!.AsObject());
        Assert.Empty(Rewrite(document.Replace("\"integrity\"", "\"shasum\""))["versions"]!.AsObject());
        Assert.Single(Rewrite(document)["versions"]!.AsObject());
    }

    [Theory]
    [InlineData("2026-05-01T00:00:00Z", false)]
    [InlineData("2026-05-31T12:00:00Z", true)]
    [InlineData(null, true)]
    public void The_short_form_suffices_for_a_package_that_has_not_changed_lately(string? modified, bool needsWhole)
    {
        var document = new JsonObject { ["name"] = "a", ["versions"] = new JsonObject(), ["modified"] = modified };
        Assert.Equal(needsWhole, Packument.NeedsWhole(JsonSerializer.SerializeToUtf8Bytes(document), s_rules));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("x")]
    public void What_is_no_document_is_refused(string text) =>
        Assert.True(Record.Exception(() => Rewrite(text)) is JsonException or FormatException);

    [Fact]
    public void What_is_too_young_and_what_has_no_known_age_are_told_apart()
    {
        List<string> young = [], undated = [];
        var document = Document(""" "latest": "2.0.0" """, """ "1.0.0": "2026-05-31T20:00:00Z" """, "1.0.0", "2.0.0");
        Packument.Rewrite(Encoding.UTF8.GetBytes(document), s_registry, s_rules, (version, _) => version, young, undated);
        Assert.Equal(("1.0.0", "2.0.0"), (Assert.Single(young), Assert.Single(undated)));
    }

    private static JsonObject Rewrite(string document) => (JsonObject)JsonNode.Parse(
        Packument.Rewrite(Encoding.UTF8.GetBytes(document), s_registry, s_rules, (version, _) => $"/files/{version}.tgz", [], []))!;

    private static string Document(string tags, string times, params string[] versions)
    {
        var list = string.Join(", ", versions.Select(version =>
            $$"""
            "{{version}}": {"dist": {"integrity": "sha512-x", "tarball": "https://registry.test/a/-/{{version}}.tgz"} }
            """));
        return $$"""{"name": "a", "readme": "long", "dist-tags": { {{tags}} }, "time": { {{times}} }, "versions": { {{list}} } }""";
    }
}
