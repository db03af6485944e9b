using Faas.Actors.Libraries;
using Xunit;

namespace Faas.Actors.Tests.Libraries;

public sealed class LibraryRulesTests
{
    [Theory]
    [InlineData("lodash", Ecosystem.Npm, "lodash", true)]
    [InlineData("lodash", Ecosystem.Npm, "lodash.get", false)]
    [InlineData("lodash*", Ecosystem.Npm, "lodash.get", true)]
    [InlineData("@acme/*", Ecosystem.Npm, "@acme/tools", true)]
    [InlineData("@acme/*", Ecosystem.Npm, "@acmee/tools", false)]
    [InlineData("LODASH", Ecosystem.Npm, "lodash", true)]
    [InlineData("npm:left-pad", Ecosystem.PyPi, "left-pad", false)]
    [InlineData("pypi:acme_*", Ecosystem.PyPi, "Acme_Tools", true)]
    [InlineData("a.c", Ecosystem.Npm, "abc", false)]
    [InlineData("acme_core", Ecosystem.Npm, "acme_core", true)]
    [InlineData("acme_core", Ecosystem.Npm, "acme-core", false)]
    [InlineData("acme_core", Ecosystem.PyPi, "Acme.Core", true)]
    [InlineData("pypi:zope.interface", Ecosystem.PyPi, "zope-interface", true)]
    public void A_pattern_stands_for_names(string pattern, Ecosystem ecosystem, string name, bool matches)
    {
        Assert.True(LibraryName.TryParse(ecosystem, name, out var parsed));
        Assert.Equal(matches, NamePattern.Parse(pattern)!.Matches(parsed.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("lodash@4")]
    [InlineData("a b")]
    [InlineData("deno:x")]
    public void What_is_no_pattern_is_refused(string text) => Assert.Null(NamePattern.Parse(text));

    [Fact]
    public void A_refusal_names_the_library_and_the_rule()
    {
        var rules = new LibraryRules([NamePattern.Parse("@acme/*")!, NamePattern.Parse("lodash*")!], [NamePattern.Parse("lodash.get")!]);
        Assert.Null(rules.Refuses(Npm("lodash")));
        Assert.Equal("The library 'lodash.get' is refused by 'lodash.get' in faas.libraries.deny.", rules.Refuses(Npm("lodash.get")));
        Assert.Equal("The library 'left-pad' is not in faas.libraries.allow (@acme/*, lodash*).", rules.Refuses(Npm("left-pad")));
    }

    private static LibraryName Npm(string text) =>
        LibraryName.TryParse(Ecosystem.Npm, text, out var name) ? name.Value : throw new ArgumentException(text, nameof(text));
}
