using System.Text;
using System.Text.Json;
using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Registry;
using Xunit;

namespace Faas.Actors.Tests.Libraries.Registry;

public sealed class SimplePageTests
{
    private static readonly Uri s_address = new("https://index.test/simple/alpha/");

    [Fact]
    public void A_page_in_JSON_is_read()
    {
        var file = Assert.Single(Read(SimplePage.JsonType, """
            {"meta": {"api-version": "1.1"}, "name": "alpha", "files": [{"filename": "alpha-1.0-py3-none-any.whl",
             "url": "../../files/alpha-1.0-py3-none-any.whl", "hashes": {"sha256": "ab"}, "requires-python": ">=3.8",
             "upload-time": "2026-01-02T03:04:05.678Z", "yanked": false, "size": 3}]}
            """));
        Assert.Equal("alpha-1.0-py3-none-any.whl", file.Name);
        Assert.Equal(new Uri("https://index.test/files/alpha-1.0-py3-none-any.whl"), file.Address);
        Assert.Equal(("ab", ">=3.8", null), (file.Sha256, file.RequiresPython, file.Yanked));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), file.At);
    }

    [Fact]
    public void A_page_in_HTML_is_read()
    {
        var files = Read("text/html", """
            <!DOCTYPE html><html><body>
            <a href="alpha-1.0-py3-none-any.whl#sha256=ab" data-requires-python="&gt;=3.8">alpha-1.0-py3-none-any.whl</a><br>
            <A data-yanked="broken" HREF='https://files.test/alpha-2.0.tar.gz'> alpha-2.0.tar.gz </A>
            </body></html>
            """);
        Assert.Equal(
            [
                new PublishedFile("alpha-1.0-py3-none-any.whl", new Uri(s_address, "alpha-1.0-py3-none-any.whl"), "ab", ">=3.8", null, null),
                new PublishedFile("alpha-2.0.tar.gz", new Uri("https://files.test/alpha-2.0.tar.gz"), null, null, null, "broken"),
            ],
            files);
    }

    [Fact]
    public void What_is_written_is_what_is_read()
    {
        Assert.True(LibraryName.TryParse(Ecosystem.PyPi, "alpha", out var name));
        var file = new PublishedFile("alpha-1.0-py3-none-any.whl", new Uri("https://index.test/f"), "ab", "<4", null, "why");
        var page = SimplePage.Write(name.Value, [file], _ => "/files/0/alpha-1.0-py3-none-any.whl");
        Assert.Equal(
            file with { Address = new Uri("https://index.test/files/0/alpha-1.0-py3-none-any.whl") },
            Assert.Single(SimplePage.Read(SimplePage.JsonType, page, s_address)));
    }

    [Theory]
    [InlineData("<a ")]
    [InlineData("<a x=")]
    [InlineData("<a>b")]
    [InlineData("<a ></b>")]
    public void A_page_of_links_without_an_end_is_read_in_one_pass(string link) =>
        Assert.Empty(Read("text/html", string.Concat(Enumerable.Repeat(link, 400_000))));

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("a=")]
    [InlineData("a=' ")]
    public void Attributes_without_an_end_are_read_in_one_pass(string attribute)
    {
        var attributes = string.Concat(Enumerable.Repeat(attribute, 400_000));
        Assert.Throws<FormatException>(() => Read("text/html", $"<a {attributes}>alpha</a>"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"files": [{"url": "x"}]}""")]
    [InlineData("""{"files": [{"filename": "x"}]}""")]
    [InlineData("<html>")]
    public void What_is_no_page_is_refused(string text) =>
        Assert.True(Record.Exception(() => Read(SimplePage.JsonType, text)) is JsonException or FormatException or KeyNotFoundException);

    private static IReadOnlyList<PublishedFile> Read(string mediaType, string page) =>
        SimplePage.Read(mediaType, Encoding.UTF8.GetBytes(page), s_address);
}
