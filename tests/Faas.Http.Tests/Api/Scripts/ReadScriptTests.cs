using System.Net;
using System.Text;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Scripts;

public sealed class ReadScriptTestsOnTheEmbeddedStore(ScriptServerOnTheEmbeddedStore server)
    : ReadScriptTests(server), IClassFixture<ScriptServerOnTheEmbeddedStore>;

public sealed class ReadScriptTestsOnRedis(ScriptServerOnRedis server) : ReadScriptTests(server), IClassFixture<ScriptServerOnRedis>;

/// <summary>What a client sees of scripts and versions, on a real store.</summary>
public abstract class ReadScriptTests(ScriptServer server)
{
    private const string Scripts = "/api/v1/scripts";
    private readonly string _prefix = $"t{Guid.NewGuid():N}/";

    [Fact]
    public async Task A_script_is_described_with_its_latest_version_and_its_settings()
    {
        var first = await server.UploadAsync($"{_prefix}ä b", "return 1");
        var second = await server.UploadAsync(
            $"{_prefix}ä b", "return 'ü'", "javascript", ", \"isolation\": \"shared\", \"concurrency\": 2");

        var script = await server.GetAsync(Url("ä b"));

        Assert.Equal(($"{_prefix}ä b", 2), (script.GetProperty("path").GetString(), script.GetProperty("versions").GetInt32()));
        var latest = script.GetProperty("latest");
        Assert.Equal(
            (second, "javascript", ScriptCode.HashOf("return 'ü'"), 11, """{"isolation":"shared","concurrency":2}"""),
            (latest.GetProperty("version").GetInt64(), latest.GetProperty("language").GetString(), latest.GetProperty("hash").GetString(),
                latest.GetProperty("bytes").GetInt32(), latest.GetProperty("settings").GetRawText()));
        Assert.Equal(DateTimeKind.Utc, latest.GetProperty("uploaded").GetDateTime().Kind);
        var version = await server.GetAsync($"{Url("ä b")}/versions/{first}");
        Assert.Equal("{}", version.GetProperty("settings").GetRawText());
        Assert.Equal(script.GetProperty("created").GetDateTime(), version.GetProperty("uploaded").GetDateTime());
    }

    [Theory]
    [InlineData("latest", "return 2")]
    [InlineData("1", "return 1")]
    public async Task The_code_of_a_version_is_its_text(string version, string expected)
    {
        var first = await server.UploadAsync($"{_prefix}a", "return 1");
        var second = await server.UploadAsync($"{_prefix}a", "return 2");

        using var response = await server.SendAsync("GET", $"{Url("a")}/versions/{(version == "1" ? first : version)}/code");

        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal($"{(version == "1" ? first : second)}", response.Header("X-Script-Version"));
        using var head = await server.SendAsync("HEAD", $"{Url("a")}/versions/{second}/code");
        Assert.Equal((HttpStatusCode.OK, 8), (head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Versions_come_in_pages_newest_first()
    {
        var uploaded = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            uploaded.Insert(0, await server.UploadAsync($"{_prefix}a", $"return {i}"));
        }

        var (listed, after, pages) = (new List<long>(), "", 0);
        do
        {
            var page = await server.GetAsync($"{Url("a")}/versions?limit=2{after}");
            listed.AddRange(page.GetProperty("versions").EnumerateArray().Select(one => one.GetProperty("version").GetInt64()));
            after = page.TryGetProperty("next", out var next) ? $"&after={next.GetString()}" : null;
            pages++;
        }
        while (after is not null);

        Assert.Equal(3, pages);
        Assert.Equal(uploaded, listed);
    }

    [Fact]
    public async Task The_time_of_an_upload_is_true_though_the_numbers_run_ahead_of_the_clock()
    {
        var tomorrow = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds();
        await ImportAsync($"{_prefix}a", tomorrow);
        var before = DateTime.UtcNow;

        var version = await server.UploadAsync($"{_prefix}a", "return 2");

        var after = DateTime.UtcNow;
        Assert.Equal(tomorrow + 1, version);
        var latest = (await server.GetAsync(Url("a"))).GetProperty("latest");
        Assert.InRange(latest.GetProperty("uploaded").GetDateTime(), before, after);
        var itself = await server.GetAsync($"{Url("a")}/versions/{version}");
        Assert.Equal(latest.GetProperty("uploaded").GetDateTime(), itself.GetProperty("uploaded").GetDateTime());
    }

    [Theory]
    [InlineData("path", "a,b/c,b/d")]
    [InlineData("time", "b/d,b/c,a")]
    public async Task Scripts_are_listed_in_pages_by_path_or_by_time(string sort, string expected)
    {
        foreach (var path in new[] { "a", "b/c", "b/d" })
        {
            await server.UploadAsync(_prefix + path, "return 1");
        }

        await ListsAsync(3);
        Assert.Equal(expected.Split(','), (await ListAsync($"sort={sort}&limit=1&prefix={_prefix}")).Select(path => path[_prefix.Length..]));
        Assert.Equal(
            expected.Split(',').Where(path => path[0] == 'b'),
            (await ListAsync($"sort={sort}&limit=2&prefix={_prefix}b/")).Select(path => path[_prefix.Length..]));
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused_and_names_both()
    {
        await server.UploadAsync($"{_prefix}a", "return 1");
        await server.UploadAsync($"{_prefix}b", "return 1");
        await ListsAsync(2);
        var next = (await server.GetAsync($"{Scripts}?limit=1&prefix={_prefix}")).GetProperty("next").GetString();

        using var byTime = await server.SendAsync("GET", $"{Scripts}?sort=time&limit=1&prefix={_prefix}&after={next}");
        using var ofVersions = await server.SendAsync("GET", $"{Url("a")}/versions?after={next}");

        Assert.Equal(
            $"\"after\" is a cursor of another list: of /api/v1/scripts?sort=path&prefix={_prefix}, and not of "
            + $"/api/v1/scripts?sort=time&prefix={_prefix}.",
            await byTime.ProblemAsync(400, "malformed"));
        Assert.Contains("\"after\" is a cursor of another list", await ofVersions.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?limit=0", "\"limit\" is \"0\"; allowed are whole numbers from 1 to 1000.")]
    [InlineData("?limit=1001", "\"limit\" is \"1001\"; allowed are whole numbers from 1 to 1000.")]
    [InlineData("?limit=-1", "\"limit\" is \"-1\"; allowed are whole numbers from 1 to 1000.")]
    [InlineData("?limit=many", "\"limit\" is \"many\"; allowed are whole numbers from 1 to 1000.")]
    [InlineData("?limit=1&limit=2", "\"limit\" is given more than once.")]
    [InlineData("?sort=size", "\"sort\" is \"size\"; allowed are path, time.")]
    [InlineData("?after=!", "\"after\" is \"!\"; allowed is the \"next\" of the page before, as it was.")]
    [InlineData("?after=YWJj", "\"after\" is \"YWJj\"; allowed is the \"next\" of the page before, as it was.")]
    [InlineData("?prefix=a%00", "\"prefix\" must not contain control characters.")]
    public async Task A_wrong_page_is_refused_with_what_is_allowed(string query, string detail)
    {
        using var response = await server.SendAsync("GET", $"{Scripts}{query}");
        Assert.Equal(detail, await response.ProblemAsync(400, "malformed"));
    }

    [Fact]
    public async Task An_unknown_query_name_is_told_in_a_header()
    {
        using var response = await server.SendAsync("GET", $"{Scripts}?limti=1");
        Assert.Equal("query: \"limti\" is unknown; did you mean \"limit\"?", response.Header("X-Warnings"));
    }

    [Theory]
    [InlineData("", "There is no script \"{0}\".")]
    [InlineData("/versions", "There is no script \"{0}\".")]
    [InlineData("/versions/latest", "There is no script \"{0}\".")]
    [InlineData("/versions/7/code", "There is no script \"{0}\".")]
    public async Task A_script_that_does_not_exist_is_named(string rest, string detail)
    {
        using var response = await server.SendAsync("GET", $"{Url("none")}{rest}");
        Assert.Equal(string.Format(null, detail, $"{_prefix}none"), await response.ProblemAsync(404, "not_found"));
    }

    [Fact]
    public async Task A_version_that_does_not_exist_is_answered_with_the_newest()
    {
        var version = await server.UploadAsync($"{_prefix}a", "return 1");
        using var response = await server.SendAsync("GET", $"{Url("a")}/versions/7");
        Assert.Equal(
            $"There is no version 7 of the script \"{_prefix}a\"; the newest is {version}.", await response.ProblemAsync(404, "not_found"));
        using var wrong = await server.SendAsync("GET", $"{Url("a")}/versions/99999999999999999999");
        Assert.Equal(
            "\"version\" is \"99999999999999999999\"; allowed is a version's number, an alias or \"latest\".",
            await wrong.ProblemAsync(400, "malformed"));
    }

    [Fact]
    public async Task Two_versions_are_compared_line_by_line()
    {
        var first = await server.UploadAsync($"{_prefix}a", "a = 1\nb = 2\nreturn a");
        var second = await server.UploadAsync($"{_prefix}a", "a = 1\nb = 3\nreturn a");

        using var diff = await server.SendAsync("GET", $"{Url("a")}/diff?from={first}");
        using var same = await server.SendAsync("GET", $"{Url("a")}/diff?from=latest&to={second}");
        using var missing = await server.SendAsync("GET", $"{Url("a")}/diff?to={second}");
        using var none = await server.SendAsync("GET", $"{Url("a")}/diff?from={first}&to=7");

        Assert.Equal("text/plain; charset=utf-8", diff.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            $"--- {_prefix}a?version={first}\n+++ {_prefix}a?version={second}\n@@ -1,3 +1,3 @@\n a = 1\n-b = 2\n+b = 3\n return a\n"
            + "\\ No newline at end of file\n",
            await diff.Content.ReadAsStringAsync());
        Assert.Equal("", await same.Content.ReadAsStringAsync());
        Assert.Equal("\"from\" is missing.", await missing.ProblemAsync(400, "malformed"));
        Assert.StartsWith("There is no version 7", await none.ProblemAsync(404, "not_found"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/scripts/math/add")]
    [InlineData("/api/v1/scripts/math/add/versions/1/code")]
    public async Task A_slash_that_is_not_encoded_is_answered_with_how_to_write_it(string url)
    {
        using var response = await server.SendAsync("GET", url);
        Assert.Equal(
            $"There is no {url}. There a script's path is one segment, its slashes written as %2F: /api/v1/scripts/math%2Fadd.",
            await response.ProblemAsync(404, "not_found"));
    }

    [Fact]
    public async Task A_script_runs_with_its_slashes_encoded_and_by_the_name_of_its_latest_version()
    {
        var version = await server.UploadAsync($"{_prefix}a", "return 1");
        using var response = await server.SendAsync("POST", $"/run/{Uri.EscapeDataString($"{_prefix}a")}?version=latest", "{}");
        Assert.Equal((HttpStatusCode.OK, $"{version}"), (response.StatusCode, response.Header("X-Script-Version")));
    }

    private async Task ImportAsync(string path, long version)
    {
        var archive = $$"""
            {"archive":"faas","form":1}
            {"script":"{{path}}"}
            {"version":{{version}},"language":"python","source":"return 1"}
            {"end":"{{path}}","versions":1}
            {"scripts":1}

            """;
        using var response = await server.Client.PostAsync("/api/v1/import", new ByteArrayContent(Encoding.UTF8.GetBytes(archive)));
        var reply = await ScriptServer.JsonAsync(response);
        Assert.Equal(path, Assert.Single(reply.GetProperty("taken").EnumerateArray()).GetProperty("path").GetString());
    }

    private string Url(string path) => $"{Scripts}/{Uri.EscapeDataString(_prefix + path)}";

    private async Task<List<string>> ListAsync(string query)
    {
        var (paths, after) = (new List<string>(), "");
        while (after is not null)
        {
            var page = await server.GetAsync($"{Scripts}?{query}{after}");
            paths.AddRange(page.GetProperty("scripts").EnumerateArray().Select(script => script.GetProperty("path").GetString()!));
            after = page.TryGetProperty("next", out var next) ? $"&after={next.GetString()}" : null;
        }

        return paths;
    }

    // The list follows the uploads in a moment.
    private Task ListsAsync(int scripts) => Eventually.HoldsAsync(
        async () => (await ListAsync($"prefix={_prefix}")).Count == scripts, TimeSpan.FromSeconds(10), () => "the list stays behind");
}
