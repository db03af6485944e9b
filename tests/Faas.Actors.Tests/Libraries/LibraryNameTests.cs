using Faas.Actors.Libraries;
using Xunit;

namespace Faas.Actors.Tests.Libraries;

public sealed class LibraryNameTests
{
    [Theory]
    [InlineData("requests", "requests")]
    [InlineData("Flask_SQLAlchemy", "flask-sqlalchemy")]
    [InlineData("zope.interface", "zope-interface")]
    [InlineData("a-_.b", "a-b")]
    [InlineData("7", "7")]
    public void A_name_of_Python_has_one_form(string text, string form)
    {
        Assert.True(LibraryName.TryParse(Ecosystem.PyPi, text, out var name));
        Assert.Equal(form, name.Value.Text);
    }

    [Theory]
    [InlineData("lodash")]
    [InlineData("@acme/tool.kit")]
    [InlineData("JSONStream")]
    [InlineData("_old")]
    public void A_name_of_npm_stays_as_it_is(string text)
    {
        Assert.True(LibraryName.TryParse(Ecosystem.Npm, text, out var name));
        Assert.Equal(text, name.Value.Text);
    }

    [Theory]
    [InlineData(Ecosystem.PyPi, "")]
    [InlineData(Ecosystem.PyPi, "..")]
    [InlineData(Ecosystem.PyPi, "a/b")]
    [InlineData(Ecosystem.PyPi, "-a")]
    [InlineData(Ecosystem.PyPi, "a-")]
    [InlineData(Ecosystem.PyPi, "a\n")]
    [InlineData(Ecosystem.PyPi, "nüm")]
    [InlineData(Ecosystem.Npm, "")]
    [InlineData(Ecosystem.Npm, ".hidden")]
    [InlineData(Ecosystem.Npm, "../up")]
    [InlineData(Ecosystem.Npm, "@acme")]
    [InlineData(Ecosystem.Npm, "@acme/a/b")]
    [InlineData(Ecosystem.Npm, "a b")]
    [InlineData(Ecosystem.Npm, "a%2fb")]
    public void What_could_be_a_path_or_an_address_is_no_name(Ecosystem ecosystem, string text) =>
        Assert.False(LibraryName.TryParse(ecosystem, text, out _));

    [Fact]
    public void A_name_has_at_most_214_characters()
    {
        Assert.True(LibraryName.TryParse(Ecosystem.Npm, new string('a', 214), out _));
        Assert.False(LibraryName.TryParse(Ecosystem.Npm, new string('a', 215), out _));
    }
}
