using System.Text;
using System.Text.Json.Nodes;
using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Registry;
using Xunit;

namespace Faas.Actors.Tests.Libraries.Registry;

public sealed class BuildRegistryTests : IDisposable
{
    private readonly PackageServer _public = new();
    private readonly PackageServer _private = new();
    private readonly HttpClient _http = RegistryClient.NewHttpClient();

    public void Dispose()
    {
        _http.Dispose();
        _public.Dispose();
        _private.Dispose();
    }

    [Fact]
    public async Task A_build_gets_the_page_of_a_library_and_the_file_that_it_names()
    {
        const string file1 = "alpha-1-py3-none-any.whl";
        _public.Serves("/simple/alpha/", "text/html", $"<a href='/f/{file1}#sha256={new string('a', 64)}'>{file1}</a>");
        _public.Serves("/f/alpha-1-py3-none-any.whl", "application/zip", "wheel");
        var registry = NewRegistry();
        var file = JsonNode.Parse(await TextAsync(registry, "/pypi/simple/alpha/"))!["files"]![0]!;
        Assert.Equal("/files/0/alpha-1-py3-none-any.whl", (string?)file["url"]);
        Assert.Equal("wheel", await TextAsync(registry, (string)file["url"]!));
    }

    [Theory]
    [InlineData("/npm/@acme%2ftool")]
    [InlineData("/npm/@acme/tool")]
    public async Task A_build_gets_the_document_of_a_package_and_the_tarball_that_it_names(string path)
    {
        _public.Serves("/@acme%2ftool", "application/json", $$"""
            {"name": "@acme/tool", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {"dist":
             {"integrity": "sha512-x", "tarball": "{{_public.Address}}t/tool-1.0.0.tgz"} } } }
            """);
        _public.Serves("/t/tool-1.0.0.tgz", "application/gzip", "tarball");
        var registry = NewRegistry();
        var document = JsonNode.Parse(await TextAsync(registry, path))!;
        Assert.Equal("http://build/npm/@acme/tool/-/tool-1.0.0.tgz", (string?)document["versions"]!["1.0.0"]!["dist"]!["tarball"]);
        Assert.Equal("tarball", await TextAsync(registry, "/npm/@acme/tool/-/tool-1.0.0.tgz"));
        Assert.Equal("tarball", await TextAsync(NewRegistry(), "/npm/@acme/tool/-/tool-1.0.0.tgz"));
        await StatusAsync(NewRegistry(), 404, "/npm/@acme/tool/-/tool-2.0.0.tgz");
    }

    [Fact]
    public async Task A_private_name_is_never_asked_of_the_public_registry()
    {
        _public.Serves("/simple/acme-tools/", "text/html", "<a href='acme_tools-99-py3-none-any.whl'>acme_tools-99-py3-none-any.whl</a>");
        await StatusAsync(NewRegistry(), 404, "/pypi/simple/acme-tools/");
        _private.Serves("/simple/acme-tools/", "text/html", "<html></html>");
        await StatusAsync(NewRegistry(), 200, "/pypi/simple/acme-tools/");
        Assert.Empty(_public.Asked);
    }

    [Fact]
    public async Task A_library_that_is_not_allowed_is_not_asked_for_and_the_refusal_names_the_rule()
    {
        foreach (var path in (string[])["/pypi/simple/left-pad/", "/npm/left-pad", "/npm/left-pad/-/left-pad-1.0.0.tgz"])
        {
            var registry = NewRegistry();
            Assert.Contains("faas.libraries.deny", await StatusAsync(registry, 403, path));
            await StatusAsync(registry, 403, path);
            Assert.Contains("faas.libraries.deny", Assert.Single(registry.Refusals));
        }

        Assert.Empty(_public.Asked);
    }

    [Fact]
    public async Task A_redirect_leads_to_no_place_that_may_not_serve_the_file()
    {
        _public.Serves("/simple/alpha/", "text/html", $"<a href='/f/a.whl#sha256={new string('a', 64)}'>a.whl</a>");
        _public.Redirects("/f/a.whl", new Uri(_private.Address, "f/a.whl"));
        var registry = NewRegistry();
        await TextAsync(registry, "/pypi/simple/alpha/");
        Assert.Contains("may not serve it", await StatusAsync(registry, 502, "/files/0/a.whl"));
        Assert.Empty(_private.Asked);

        _public.Redirects("/f/a.whl", new Uri(_public.Address, "g/a.whl"));
        _public.Serves("/g/a.whl", "application/zip", "wheel");
        Assert.Equal("wheel", await TextAsync(registry, "/files/0/a.whl"));
    }

    [Fact]
    public async Task A_redirect_of_a_page_is_not_followed()
    {
        _public.Redirects("/simple/alpha/", new Uri(_private.Address, "simple/alpha/"));
        _private.Serves("/simple/alpha/", "text/html", "<html></html>");
        _public.Redirects("/alpha", new Uri(_private.Address, "alpha"));
        foreach (var path in (string[])["/pypi/simple/alpha/", "/npm/alpha"])
        {
            var registry = NewRegistry();
            await StatusAsync(registry, 403, path);
            Assert.Contains($" to {_private.Address}", Assert.Single(registry.Refusals));
            Assert.Empty(registry.Failures); // the registry is not down
        }

        Assert.Empty(_private.Asked);
    }

    [Theory]
    [InlineData("a.zip")]
    [InlineData("a.tar.gz")]
    [InlineData("a.whl/a.zip")]
    [InlineData("a.whl%2fa.zip")]
    [InlineData("")]
    public async Task A_file_is_given_by_its_own_name_alone_because_pip_runs_what_looks_like_a_source(string name)
    {
        _public.Serves("/simple/alpha/", "text/html", $"<a href='/f/a.whl#sha256={new string('a', 64)}'>a.whl</a>");
        _public.Serves("/f/a.whl", "application/zip", "wheel");
        var registry = NewRegistry();
        await TextAsync(registry, "/pypi/simple/alpha/");
        await StatusAsync(registry, 404, $"/files/0/{name}");
        await TextAsync(registry, "/files/0/a.whl");
    }

    [Fact]
    public async Task A_build_gets_nothing_of_the_other_ecosystem()
    {
        string[] npm = ["/npm/tool", "/npm/tool/-/tool-1.0.0.tgz"];
        foreach (var path in npm)
        {
            await StatusAsync(NewRegistry(hasNpm: false), 404, path);
        }

        await StatusAsync(NewRegistry(hasPython: false), 404, "/pypi/simple/alpha/");
        Assert.Empty(_public.Asked);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/files/0/a.whl")]
    [InlineData("/files/-1/a.whl")]
    [InlineData("/files/x")]
    [InlineData("/npm/..%2f..%2fsecret")]
    [InlineData("/npm/a/-/b-1.0.0.tgz")]
    [InlineData("/npm/a/-/a-1.0.0.zip")]
    [InlineData("/pypi/simple/")]
    [InlineData("/pypi/simple/a/b/")]
    [InlineData("http://other.test/")]
    public async Task What_no_page_has_named_is_not_fetched(string path)
    {
        await StatusAsync(NewRegistry(), 404, path);
        Assert.Empty(_public.Asked);
    }

    [Fact]
    public async Task A_registry_that_fails_or_talks_nonsense_is_named_as_the_cause()
    {
        _public.Serves("/simple/alpha/", "application/json", "nonsense");
        Assert.Contains("The registry did not give it", await StatusAsync(NewRegistry(), 502, "/pypi/simple/alpha/"));
        _public.Dispose();
        Assert.Contains("The registry did not give it", await StatusAsync(NewRegistry(), 502, "/pypi/simple/alpha/"));
    }

    [Fact]
    public async Task A_build_fetches_no_more_files_and_bytes_than_it_may()
    {
        string[] names = ["a", "b", "c"];
        var links = names.Select(name => $"<a href='/f/{name}.whl#sha256={new string('a', 64)}'>{name}.whl</a>");
        _public.Serves("/simple/alpha/", "text/html", string.Concat(links));
        foreach (var name in names)
        {
            _public.Serves($"/f/{name}.whl", "application/zip", new string('x', 600));
        }

        var registry = NewRegistry();
        await TextAsync(registry, "/pypi/simple/alpha/");
        await TextAsync(registry, "/files/0/a.whl");
        var excess = await Assert.ThrowsAsync<IOException>(() => TextAsync(registry, "/files/1/b.whl"));
        Assert.Contains("1000 bytes (faas.libraries.max-size)", excess.Message);
        Assert.Contains("more than 2 (faas.libraries.max-count)", await StatusAsync(registry, 403, "/files/2/c.whl"));

        var other = NewRegistry(maxBytes: 10_000);
        await TextAsync(other, "/pypi/simple/alpha/");
        await TextAsync(other, "/files/0/a.whl");
        await TextAsync(other, "/files/0/a.whl");
        await TextAsync(other, "/files/1/b.whl");
    }

    private BuildRegistry NewRegistry(long maxBytes = 1000, bool hasNpm = true, bool hasPython = true)
    {
        var rules = new LibraryRules([NamePattern.Parse("*")!], [NamePattern.Parse("left-pad")!]);
        NamePattern[] privateNames = [NamePattern.Parse("acme-*")!];
        var python = new Upstream(new Uri(_public.Address, "simple/"), [], new Uri(_private.Address, "simple/"), privateNames);
        var npm = new Upstream(_public.Address, [], null, []);
        return new BuildRegistry(
            new RegistryClient(_http),
            rules,
            hasNpm ? new FileRules(npm, TimeSpan.Zero, default) : null,
            hasPython ? new FileRules(python, TimeSpan.Zero, default) : null,
            new BuildQuota(maxFiles: 2, maxBytes),
            "http://build");
    }

    private static async Task<string> TextAsync(BuildRegistry registry, string path) => await StatusAsync(registry, 200, path);

    private static async Task<string> StatusAsync(BuildRegistry registry, int status, string path)
    {
        using var answer = await registry.AnswerAsync(path, default);
        using var body = new StreamReader(answer.Body, Encoding.UTF8);
        var text = await body.ReadToEndAsync();
        Assert.True(status == answer.Status, $"{answer.Status}: {text}");
        return text;
    }
}
