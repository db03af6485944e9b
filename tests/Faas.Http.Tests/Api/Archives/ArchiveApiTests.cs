using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Archives;

/// <summary>Export and import between a server on the embedded store and one on Redis.</summary>
public sealed class ArchiveApiTests(ScriptServerOnTheEmbeddedStore embedded, ScriptServerOnRedis redis)
    : IClassFixture<ScriptServerOnTheEmbeddedStore>, IClassFixture<ScriptServerOnRedis>
{
    private const string First = """{"archive":"faas","form":1}""";
    private readonly string _root = $"r{Guid.NewGuid():N}";

    [Fact]
    public async Task What_one_server_exports_another_one_imports_and_exports_as_the_same_bytes()
    {
        var (first, second, third) = await FillAsync(embedded);
        var archive = await ExportAsync(embedded, 2);

        Assert.Equal(
            $"taken [{_root}/a/ü:3 {_root}/b:1], there 0, refused 0", Told(await ImportAsync(redis, archive)));
        Assert.Equal(archive, await ExportAsync(redis, 2));

        // A second run does no harm, and the settings are those of the author.
        Assert.Equal($"taken [], there 2, refused 0", Told(await ImportAsync(redis, archive)));
        Assert.Equal(archive, await ExportAsync(redis, 2));
        var script = await redis.GetAsync(Url($"{_root}/a/ü"));
        Assert.Equal((3, false), (script.GetProperty("versions").GetInt32(), script.GetProperty("enabled").GetBoolean()));
        Assert.Equal(second, (await redis.GetAsync($"{Url($"{_root}/a/ü")}/aliases/stable")).GetProperty("previous").GetProperty("version").GetInt64());
        var settings = (await redis.GetAsync($"{Url($"{_root}/a/ü")}/versions/{third}")).GetProperty("settings");
        Assert.Equal("eu", settings.GetProperty("env").GetProperty("REGION").GetString());
        using var code = await redis.Client.GetAsync($"{Url($"{_root}/a/ü")}/versions/{first}/code");
        Assert.Equal("return 1  # ü\u2028\U0001F600", await code.Content.ReadAsStringAsync());
        using var run = await redis.SendAsync("POST", $"/run/{_root}/b", "{}");
        Assert.Equal(HttpStatusCode.OK, run.StatusCode);
        Assert.True(await redis.UploadAsync($"{_root}/a/ü", "return 9") > third);
    }

    [Fact]
    public async Task A_script_comes_back_after_its_deletion_and_its_code_stays_when_the_copy_is_deleted()
    {
        var version = await embedded.UploadAsync($"{_root}/x", "return 'kept'");
        var archive = await ExportAsync(embedded, 1);
        (await embedded.SendAsync("DELETE", Url($"{_root}/x"))).Dispose();

        Assert.Equal($"taken [{_root}/x:1], there 0, refused 0", Told(await ImportAsync(embedded, archive)));
        Assert.Equal($"taken [{_root}-copy/{_root}/x:1], there 0, refused 0", Told(await ImportAsync(embedded, archive, $"?onto={_root}-copy/")));
        (await embedded.SendAsync("DELETE", Url($"{_root}-copy/{_root}/x"))).Dispose();

        using var code = await embedded.Client.GetAsync($"{Url($"{_root}/x")}/versions/{version}/code");
        Assert.Equal("return 'kept'", await code.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Another_version_of_the_same_number_is_a_conflict_that_changes_nothing_of_its_script()
    {
        Assert.Equal($"taken [{_root}/c:1], there 0, refused 0", Told(await ImportAsync(redis, Archive(Section($"{_root}/c", (7, "return 1"))))));
        var archive = Archive(Section($"{_root}/c", (6, "return 6"), (7, "return 2"), (8, "return 8")), Section($"{_root}/d", (1, "return 1")));

        var reply = await ImportAsync(redis, archive);

        Assert.Equal($"taken [{_root}/d:1], there 0, refused 1", Told(reply));
        Assert.Equal($"The version 7 of the script \"{_root}/c\" has other code here.", WhyOf(reply));
        Assert.Equal(1, (await redis.GetAsync(Url($"{_root}/c"))).GetProperty("versions").GetInt32());
    }

    [Fact]
    public async Task A_dry_run_tells_the_same_and_stores_nothing()
    {
        var archive = Archive(Section($"{_root}/e", (7, "return 1"), (9, "return 2")), Section("a/../b", (1, "return 1")));
        var dry = await ImportAsync(redis, archive, "?dryRun=true");

        Assert.True(dry.GetProperty("dryRun").GetBoolean());
        Assert.Equal($"taken [{_root}/e:2], there 0, refused 1", Told(dry));
        using var nothing = await redis.Client.GetAsync(Url($"{_root}/e"));
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
        Assert.Equal($"taken [{_root}/e:2], there 0, refused 1", Told(await ImportAsync(redis, archive)));
    }

    public static TheoryData<string, string> WrongScripts => new()
    {
        { Section("../x", (1, "return 1")), "The path must not contain \".\" or \"..\" segments." },
        { Section("", (1, "return 1")), "The path must not be empty." },
        { Section(new string('p', 600), (1, "return 1")), "The path must not be longer than 512 bytes." },
        { Section("w"), "Its section has no version that can be taken." },
        { Section("w", (2, "return 1"), (1, "return 2")), "Version 1 is out of order; numbers rise, from 1 to 9007199254740991." },
        { Section("w", (long.MaxValue, "return 1")), $"Version {long.MaxValue} is out of order; numbers rise, from 1 to 9007199254740991." },
        { Section("w", (1, "")), "Version 1: its code is blank." },
        { Section("w", (1, new string('#', (256 << 10) + 1))), "Version 1: its code has 262145 bytes; allowed are 262144 (faas.http.code-max-size)." },
        { SectionOf("""{"version":1,"language":"perl","source":"1"}"""), "Version 1 has a language that is not one of javascript, typescript, python." },
        { SectionOf("""{"version":1,"language":"typescript","source":"@@"}"""), "Version 1: its code does not compile: Unexpected \"@\" (line 3)." },
        { SectionOf("""{"version":1,"language":"python"}"""), "Version 1 has no \"hash\" of 64 lower-case hex digits." },
        {
            SectionOf($$"""{"version":1,"language":"python","hash":"{{ScriptCode.HashOf("x")}}"}"""),
            "The code of version 1 is neither with it nor with an earlier version."
        },
        {
            SectionOf($$"""{"version":1,"language":"python","hash":"{{ScriptCode.HashOf("x")}}","source":"y"}"""),
            "The code of version 1 is damaged: it has another hash."
        },
        {
            SectionOf("""{"version":1,"language":"python","source":"1","settings":{"later":1}}"""),
            "The settings of version 1 cannot be read: it has a member \"later\", which this server does not know."
        },
        {
            SectionOf("""{"version":1,"language":"python","source":"1","settings":{"timeout":"soon"}}"""),
            "The settings of version 1 cannot be read: \"timeout\" is \"soon\"; allowed is a number of seconds."
        },
        {
            SectionOf("""{"version":1,"language":"python","source":"1","settings":{"pids":1.5}}"""),
            "The settings of version 1 cannot be read: \"pids\" is 1.5; allowed is a whole number."
        },
        {
            SectionOf("""{"version":1,"language":"python","source":"1","settings":{"isolation":"none"}}"""),
            "The settings of version 1 cannot be read: \"isolation\" is \"none\"; allowed is \"sandbox\", \"process\" or \"shared\"."
        },
        {
            SectionOf("""{"version":1,"language":"python","source":"1","settings":{"env":{"A":1}}}"""),
            "The settings of version 1 cannot be read: \"env\" is {\"A\":1}; allowed is an object of texts."
        },
        {
            SectionOf("""{"version":1,"language":"python","source":"1","settings":7}"""),
            "The settings of version 1 cannot be read: it is 7; allowed is an object."
        },
        {
            SectionOf("""{"version":1,"language":"python","source":"1","settings":{"pids":1}}"""),
            "The settings of version 1 cannot be taken: \"pids\" is 1; allowed are 8 to 32768."
        },
        {
            SectionOf("""{"version":1,"language":"python","source":"1","settings":{"secrets":["__proto__"]}}"""),
            "The settings of version 1 cannot be taken: \"secrets\" names \"__proto__\"; names that begin with two _ belong to the languages."
        },
        {
            SectionOf("""{"version":1,"language":"python","source":"1","settings":{"labels":{"a":"LONG"}}}""".Replace("LONG", new string('x', 10 << 20))),
            "The settings of version 1 cannot be taken: \"labels\" has 10485760 bytes in \"a\"; allowed are 256."
        },
        {
            SectionWith(""" "aliases":{"s":{"target":{"version":2},"revision":1}}"""),
            "The alias \"s\" names version 2, which is not among those to import."
        },
        {
            SectionWith(""" "aliases":{"12":{"target":{"version":1},"revision":1}}"""),
            "An alias's name is not 1 to 64 letters, digits or -._, not digits alone, and not \"latest\"."
        },
        {
            SectionWith(""" "aliases":{"s":{"target":{"version":1,"weight":90},"revision":1}}"""),
            "The alias \"s\" has the weight 90."
        },
        {
            SectionWith(""" "keep":{"newest":0}"""),
            "\"keep\" allows 1 to 1000000 versions and 1 to 36500 days."
        },
        {
            Section("w", (1, "return 1")).Replace("\"versions\":1", "\"versions\":2"), "Its section has 1 versions, not 2 as its end says."
        },
        { Section("w", (1, "return 1")).Replace("\"end\":\"w\"", "\"end\":\"v\""), "The end of its section names another script." },
        {
            Section("w", (1, "return 1")).Replace("\"versions\":1", $"\"versions\":1,\"sha256\":\"{new string('0', 64)}\""),
            "Its section is damaged: the checksum is wrong."
        },
    };

    [Theory]
    [MemberData(nameof(WrongScripts))]
    public async Task A_script_that_cannot_be_taken_is_refused_with_the_reason_and_the_others_are_taken(string section, string why)
    {
        var reply = await ImportAsync(redis, Archive(section, Section($"{_root}/good", (1, "return 1"))));

        Assert.Equal($"taken [{_root}/good:1], there 0, refused 1", Told(reply));
        Assert.Equal(why, WhyOf(reply));
        using var nothing = await redis.Client.GetAsync(Url("w"));
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
    }

    public static TheoryData<string, string> Damaged => new()
    {
        { "", "The archive is empty." },
        { "PK\u0003\u0004 a zip\n", $"This is no archive: its first line is not {First}." },
        { """{"archive":"faas","form":2}""" + "\n", "The archive is of form 2; this server reads form 1." },
        { $"{First}\n", "Line 2 of the archive is missing: the archive is cut off." },
        { $"{First}\n{{\"scripts\":0}}", "Line 2 of the archive is cut off." },
        { $"{First}\n{{\"scripts\":3}}\n", "Line 2 of the archive says that it has 3 scripts; it has 0." },
        { $"{First}\n{{\"scripts\":0}}\nmore\n", "Line 3 of the archive follows the last line." },
        { $"{First}\n{{\"version\":1}}\n", "Line 2 of the archive belongs to no script's section." },
        { $"{First}\n{{}}\n", "Line 2 of the archive must have exactly one of \"script\", \"version\", \"end\", \"void\" and \"scripts\"." },
        { $"{First}\n{{\"script\":\"w\"}}\n{{\"scripts\":1}}\n", "Line 3 of the archive is not of the section of \"w\", which has no end." },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public async Task What_is_no_whole_archive_is_a_clear_problem(string archive, string why)
    {
        using var response = await PostAsync(redis, Encoding.UTF8.GetBytes(archive));
        Assert.Equal(why, await response.ProblemAsync(400, "malformed"));
    }

    [Theory]
    [InlineData("not json\n")]
    [InlineData("{\"script\":\"w\",\"script\":\"v\"}\n")]
    [InlineData("{\"script\":\"w\",\"unknown\":1}\n")]
    [InlineData("{\"script\":7}\n")]
    [InlineData("{\"script\":\"w\",\"aliases\":{\"s\":{\"target\":null,\"revision\":1}}}\n")]
    [InlineData("null\n")]
    [InlineData("{\"script\":\"\\uD800\"}\n")]
    public async Task A_line_that_cannot_be_read_ends_the_import_and_what_was_before_it_stays(string line)
    {
        using var response = await PostAsync(redis, Encoding.UTF8.GetBytes($"{First}\n{Section($"{_root}/f", (1, "return 1"))}{line}"));

        var detail = await response.ProblemAsync(400, "malformed");
        Assert.StartsWith("Line 5 of the archive ", detail, StringComparison.Ordinal);
        Assert.EndsWith(" Of the scripts before it, 1 are here and 0 were refused.", detail, StringComparison.Ordinal);
        Assert.Equal(1, (await redis.GetAsync(Url($"{_root}/f"))).GetProperty("versions").GetInt32());
    }

    [Fact]
    public async Task A_line_without_an_end_is_refused_before_it_fills_the_memory()
    {
        using var content = new StreamContent(new Endless());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/import") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        try
        {
            using var response = await redis.Client.SendAsync(request);
            Assert.Equal("Line 1 of the archive is longer than 33554432 bytes.", await response.ProblemAsync(400, "malformed"));
        }
        catch (HttpRequestException)
        {
            // The server has answered and closed the connection while the client was still sending.
        }
    }

    [Fact]
    public async Task Versions_that_cannot_be_taken_are_left_out_where_that_is_asked_for()
    {
        var archive = Archive(
            Section($"{_root}/g", (1, "return 1"), (2, " "), (3, "return 3")),
            SectionOf("""{"version":1,"language":"typescript","source":"@@"}"""));
        var reply = await ImportAsync(redis, archive, "?skipBroken=true");

        Assert.Equal($"taken [{_root}/g:2], there 0, refused 1", Told(reply));
        Assert.Equal("Version 2: its code is blank.", reply.GetProperty("leftOut")[0].GetProperty("why").GetString());
        Assert.Equal("Its section has no version that can be taken.", WhyOf(reply));
    }

    [Fact]
    public async Task A_void_section_counts_for_nothing_and_its_code_is_released()
    {
        var archive = $"{First}\n"
            + Section($"{_root}/h", (1, "return 'void'")).Split("{\"end\"")[0] + $"{{\"void\":\"{_root}/h\"}}\n"
            + Section($"{_root}/h", (2, "return 2"))
            + $"{{\"script\":\"{_root}/i\"}}\n{{\"void\":\"{_root}/i\",\"why\":\"the code of version 3 is not in the store\"}}\n"
            + "{\"scripts\":1}\n";
        var reply = await ImportAsync(redis, Encoding.UTF8.GetBytes(archive));

        Assert.Equal($"taken [{_root}/h:1], there 0, refused 1", Told(reply));
        Assert.Equal("The archive lacks it: the code of version 3 is not in the store", WhyOf(reply));
    }

    [Theory]
    [InlineData("?dry-run=true", "query: \"dry-run\" is unknown; did you mean \"dryRun\"? Allowed are onto, dryRun, skipBroken.")]
    [InlineData("?dryRun=1", "\"dryRun\" is \"1\"; allowed are true and false.")]
    [InlineData("?onto=a%2F..%2Fb", "\"onto\" must not contain \".\" or \"..\" segments.")]
    public async Task A_query_that_is_not_understood_is_refused(string query, string why)
    {
        using var response = await PostAsync(redis, Archive(), query);
        Assert.Equal(why, await response.ProblemAsync(400, "malformed"));
    }

    [Fact]
    public async Task An_export_may_be_of_the_paths_with_a_prefix_and_holds_a_checksum_of_each_section()
    {
        await embedded.UploadAsync($"{_root}/j", "return 1");
        await embedded.UploadAsync($"{_root}/j", "return 2");
        await embedded.UploadAsync($"{_root}/j", "return 1");
        await ExportAsync(embedded, 1);
        using var response = await embedded.Client.GetAsync($"/api/v1/export?prefix={_root}/");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.ToString());
        Assert.Equal((First, "{\"scripts\":1}", ""), (lines[0], lines[^2], lines[^1]));
        Assert.Equal(
            [true, true, false], lines[2..5].Select(line => JsonDocument.Parse(line).RootElement.TryGetProperty("source", out _)));
        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines[1..5]) + "\n")));
        Assert.Equal(sum, JsonDocument.Parse(lines[5]).RootElement.GetProperty("sha256").GetString());
        Assert.Equal($"taken [], there 1, refused 0", Told(await ImportAsync(embedded, await response.Content.ReadAsByteArrayAsync())));
    }

    private async Task<(long First, long Second, long Third)> FillAsync(ScriptServer server)
    {
        var (path, url) = ($"{_root}/a/ü", Url($"{_root}/a/ü"));
        var first = await server.UploadAsync(path, "return 1  # ü\u2028\U0001F600");
        var second = await server.UploadAsync(path, "return 2", "javascript");
        var third = await server.UploadAsync(
            path, "return 1  # ü\u2028\U0001F600", more: """, "env": {"REGION": "eu"}, "timeout": "2.5s", "labels": {"team": "a"}, "isolation": "shared", "concurrency": 3""");
        await server.UploadAsync($"{_root}/b", "return 1");
        foreach (var (method, at, body) in new[]
        {
            ("PUT", $"{url}/aliases/stable", $$"""{"version": {{second}}}"""),
            ("PUT", $"{url}/aliases/stable", $$"""{"split": [{"version": {{first}}, "weight": 30}, {"version": {{third}}, "weight": 70}], "sticky": "X-User"}"""),
            ("PUT", $"{url}/aliases/beta", $$"""{"version": {{third}}}"""),
            ("PATCH", url, """{"enabled": false, "keep": {"newest": 9, "days": 30}}"""),
        })
        {
            using var changed = await server.SendAsync(method, at, body);
            Assert.True(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync());
        }

        return (first, second, third);
    }

    // The list of scripts follows the scripts in a moment.
    private async Task<byte[]> ExportAsync(ScriptServer server, int scripts)
    {
        await Eventually.HoldsAsync(
            async () => (await server.GetAsync($"/api/v1/scripts?prefix={_root}")).GetProperty("scripts").GetArrayLength() == scripts,
            TimeSpan.FromSeconds(10),
            () => "nothing is listed");
        return await server.Client.GetByteArrayAsync($"/api/v1/export?prefix={_root}");
    }

    private static async Task<JsonElement> ImportAsync(ScriptServer server, byte[] archive, string query = "")
    {
        using var response = await PostAsync(server, archive, query);
        return await ScriptServer.JsonAsync(response);
    }

    private static Task<HttpResponseMessage> PostAsync(ScriptServer server, byte[] archive, string query = "") =>
        server.Client.PostAsync($"/api/v1/import{query}", new ByteArrayContent(archive));

    private static string Told(JsonElement reply)
    {
        var taken = reply.GetProperty("taken").EnumerateArray().Select(one => $"{one.GetProperty("path").GetString()}:{one.GetProperty("versions")}");
        return $"taken [{string.Join(' ', taken)}], there {reply.GetProperty("there").GetArrayLength()}, "
            + $"refused {reply.GetProperty("refused").GetArrayLength()}";
    }

    private static string? WhyOf(JsonElement reply) => Assert.Single(reply.GetProperty("refused").EnumerateArray()).GetProperty("why").GetString();

    private static string Url(string path) => $"/api/v1/scripts/{Uri.EscapeDataString(path)}";

    private static byte[] Archive(params string[] sections) =>
        Encoding.UTF8.GetBytes($"{First}\n{string.Concat(sections)}{{\"scripts\":{sections.Length}}}\n");

    private static string Section(string path, params (long Number, string Source)[] versions) =>
        $"{{\"script\":{JsonSerializer.Serialize(path)}}}\n"
        + string.Concat(versions.Select(version =>
            $"{{\"version\":{version.Number},\"language\":\"python\",\"source\":{JsonSerializer.Serialize(version.Source)}}}\n"))
        + $"{{\"end\":{JsonSerializer.Serialize(path)},\"versions\":{versions.Length}}}\n";

    private static string SectionWith(string members) => Section("w", (1, "return 1")).Replace("{\"script\":\"w\"}", $"{{\"script\":\"w\",{members}}}");

    private static string SectionOf(string version) => $"{{\"script\":\"w\"}}\n{version}\n{{\"end\":\"w\"}}\n";

    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
