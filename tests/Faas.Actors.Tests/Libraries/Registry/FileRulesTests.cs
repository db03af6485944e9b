using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Registry;
using Xunit;

namespace Faas.Actors.Tests.Libraries.Registry;

public sealed class FileRulesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Uri s_index = new("https://index.test/simple/");
    private static readonly Uri s_private = new("http://private.test:8081/simple/");
    private static readonly Upstream s_upstream = new(s_index, ["files.test"], s_private, [NamePattern.Parse("acme-*")!]);

    private static readonly PublishedFile s_good = new(
        "alpha-1.0-py3-none-any.whl", new Uri("https://files.test/alpha-1.0-py3-none-any.whl"), new string('a', 64), null,
        s_now - TimeSpan.FromDays(2), null);

    [Fact]
    public void A_wheel_with_a_hash_from_a_host_of_the_registry_is_shown() => Assert.True(Shows(s_good));

    [Fact]
    public void A_source_archive_is_not_shown_because_installing_it_runs_its_code() =>
        Assert.False(Shows(s_good with { Name = "alpha-1.0.tar.gz" }));

    [Theory]
    [InlineData("../alpha-1.0-py3-none-any.whl")]
    [InlineData("a/alpha-1.0-py3-none-any.whl")]
    [InlineData("alpha 1.0.whl")]
    public void A_name_that_could_lead_elsewhere_is_not_shown(string name) => Assert.False(Shows(s_good with { Name = name }));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc")]
    public void A_file_without_a_hash_is_not_shown(string? sha256) => Assert.False(Shows(s_good with { Sha256 = sha256 }));

    [Theory]
    [InlineData("http://files.test/a.whl")]
    [InlineData("https://files.test:444/a.whl")]
    [InlineData("https://user@files.test/a.whl")]
    [InlineData("https://other.test/a.whl")]
    [InlineData("http://169.254.169.254/a.whl")]
    [InlineData("file:///etc/passwd")]
    public void A_file_of_another_host_is_not_shown(string address) => Assert.False(Shows(s_good with { Address = new Uri(address) }));

    [Fact]
    public void A_private_registry_serves_its_own_files_alone()
    {
        var own = s_good with { Address = new Uri("http://private.test:8081/files/a.whl") };
        Assert.True(Rules().Shows(s_private, own));
        Assert.False(Rules().Shows(s_private, s_good));
        Assert.False(Rules().Shows(s_index, own));
    }

    [Theory]
    [InlineData("acme-tools", false)]
    [InlineData("acme_tools", false)]
    [InlineData("Acme.Tools", false)]
    [InlineData("acmetools", true)]
    public void A_private_name_is_asked_of_the_private_registry_alone(string text, bool isPublic)
    {
        Assert.True(LibraryName.TryParse(Ecosystem.PyPi, text, out var name));
        Assert.Equal(isPublic ? s_index : s_private, s_upstream.AddressOf(name.Value));
    }

    [Fact]
    public void A_file_that_is_too_young_or_has_no_time_is_not_shown()
    {
        Assert.False(Shows(s_good with { At = s_now - TimeSpan.FromHours(23) }));
        Assert.False(Shows(s_good with { At = null }));
        Assert.True(Rules(TimeSpan.Zero).Shows(s_index, s_good with { At = null }));
    }

    [Fact]
    public void Each_rule_that_hides_files_is_named_with_one_of_them()
    {
        var source = s_good with { Name = "alpha-3.0.tar.gz", At = null };
        var young = s_good with { Name = "alpha-2.0-py3-none-any.whl", At = s_now };
        Assert.Empty(LeftOut(s_good, source));
        Assert.Equal(
            ["Versions of 'alpha' that are younger than faas.libraries.minimum-age (24 h) were left out, such as alpha-2.0-py3-none-any.whl."],
            LeftOut(s_good, young, source));
        Assert.EndsWith(
            "does not say when they were published, such as alpha-1.0-py3-none-any.whl; faas.libraries.minimum-age (24 h) needs that.",
            LeftOut(s_good with { At = null }).Single());
        Assert.Equal(
            ["The registry has no wheel of 'alpha', only files such as alpha-3.0.tar.gz; only wheels are installed."], LeftOut(source));
        Assert.Contains("lie at other.test", LeftOut(s_good with { Address = new Uri("https://other.test/a.whl") }).Single());
        Assert.Contains("no sha256", LeftOut(s_good with { Sha256 = null }).Single());
    }

    private static string[] LeftOut(params PublishedFile[] files)
    {
        Assert.True(LibraryName.TryParse(Ecosystem.PyPi, "alpha", out var name));
        return [.. Rules().LeftOut(name.Value, s_index, files, files.Count(file => Rules().Shows(s_index, file)))];
    }

    private static FileRules Rules(TimeSpan? age = null) => new(s_upstream, age ?? TimeSpan.FromDays(1), s_now);

    private static bool Shows(PublishedFile file) => Rules().Shows(s_index, file);
}
