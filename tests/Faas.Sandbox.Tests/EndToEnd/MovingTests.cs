using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StackExchange.Redis;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Scripts on their way between servers, by the verbs and real servers.</summary>
[TestLimit(300)]
public sealed class MovingTests : IDisposable
{
    private const string TypeScript = "enum Answer { Right = 42 }\nconst answer: Answer = Answer.Right\nreturn answer";
    private static readonly (string Path, string Language, (long Version, string Code, string? Data)[] Versions)[] s_goFaas =
    [
        ("math/add", "python", [(1_700_000_000, "return event.get('a', 1) + 1", "2"), (1_700_000_007, "return 'größer \U0001F600'", "\"größer \U0001F600\"")]),
        ("plain", "javascript", [(1_700_000_001, "return event.a ?? 7", "7")]),
        ("typed", "typescript", [(1_700_000_002, TypeScript, "42"), (1_700_000_003, "const = ;", null), (1_700_000_004, "return 1 as number", "1")]),
    ];

    private readonly string _folder = TestFolder.Create("faas-moving-");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_version_of_a_go_faas_runs_under_its_number_and_what_cannot_be_taken_is_named()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.UseAsync(FillAsync);
        await using var server = await FaasServer.StartAsync();
        string[] import = ["import", "--redis", $"redis://127.0.0.1:{redis.Port}/{RedisServer.Database}", "--server", $"{server.Address}"];

        var (dryExit, dry) = await RunAsync([.. import, "--dry-run"]);
        Assert.Equal(HttpStatusCode.NotFound, (await server.RunAsync("plain")).Status);
        var (exitCode, log) = await RunAsync(import);

        Assert.Equal((1, 1), (dryExit, exitCode)); // not all could be taken
        Assert.Equal(
            [
                "left out  /unreachable  Version 5 has no code.",
                "left out  no language  Its language is \"perl\", not one of javascript, typescript, python.",
                "left out  typed  Version 1700000003: its code does not compile: Expected identifier but found \"=\" (line 1).",
                "refused   a//b  The path must not contain empty segments, nor start or end with a slash.",
                "taken     math/add  2 versions",
                "taken     plain  1 versions",
                "taken     typed  2 versions",
            ],
            log.Split('\n').Where(line => line.Contains("  ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.EndsWith("Taken: 3, there already: 0, refused: 1, left out: 3.\n", log, StringComparison.Ordinal);
        Assert.EndsWith("Taken: 3, there already: 0, refused: 1, left out: 3.\n", dry, StringComparison.Ordinal);
        await RunsAllAsync(server);
        var (_, again) = await RunAsync(import);
        Assert.EndsWith("Taken: 0, there already: 3, refused: 1, left out: 3.\n", again, StringComparison.Ordinal);
        Assert.True(await server.UploadAsync("plain", "python", "return 1") > 1_700_000_001);
        await server.EndAsync();
    }

    [Fact]
    public async Task A_server_on_the_embedded_store_moves_to_one_on_Redis_with_everything()
    {
        var file = Path.Combine(_folder, "all.ndjson.gz");
        await using var old = await FaasServer.StartAsync();
        var first = await old.UploadAsync("a/typed", "typescript", TypeScript);
        var second = await old.UploadAsync("a/typed", "python", "return 2");
        await old.UploadAsync("b", "javascript", "return 3");
        using (await old.PutAsync($"/api/v1/scripts/a%2Ftyped/aliases/stable", new { version = first }))
        {
        }

        await Eventually.HoldsAsync(
            async () => await old.CountAsync() == 2, TimeSpan.FromSeconds(10), () => "the list of scripts is behind");
        Assert.Equal((0, ""), await RunAsync("export", "--output", file, "--server", $"{old.Address}"));
        await using var redis = await RedisServer.StartAsync();
        await using var young = await FaasServer.StartAsync("", null, redis.Environment);

        var (exitCode, log) = await RunAsync("import", file, "--server", $"{young.Address}");

        Assert.Equal((0, "Taken: 2, there already: 0, refused: 0, left out: 0."), (exitCode, log.Trim().Split('\n')[^1]));
        Assert.Equal("2", (await young.RunAsync("a/typed")).Data);
        Assert.Equal("42", (await young.RunAsync("a/typed?version=stable")).Data);
        Assert.Equal("2", (await young.RunAsync($"a/typed?version={second}")).Data);
        Assert.Equal("3", (await young.RunAsync("b")).Data);
        await Eventually.HoldsAsync(
            async () => await young.CountAsync() == 2, TimeSpan.FromSeconds(10), () => "the list of scripts is behind");
        await using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        await packed.CopyToAsync(plain);
        Assert.Equal(plain.ToArray(), await young.Client.GetByteArrayAsync(new Uri("/api/v1/export", UriKind.Relative)));
        await young.EndAsync();
        await old.EndAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_is_killed_while_it_imports_has_whole_scripts_only_and_a_second_import_does_the_rest(bool overTcp)
    {
        const int scripts = 2000;
        var archive = Archive(scripts);
        await using var redis = overTcp ? await RedisServer.StartAsync() : null;
        (string, string)[] environment = redis is null ? [] : redis.Environment;
        var server = await FaasServer.StartAsync("", null, environment);
        try
        {
            var importing = ImportAsync(server, archive);
            await Eventually.HoldsAsync(
                async () => await server.CountAsync() >= 20, TimeSpan.FromMinutes(1), () => "nothing is imported");
            await server.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => importing);
            await server.DisposeAsync();

            server = await FaasServer.StartAsync("", server.Folder, environment);
            var report = await ImportAsync(server, archive);

            Assert.Equal(0, report.GetProperty("refused").GetArrayLength());
            Assert.InRange(report.GetProperty("there").GetArrayLength(), 20, scripts - 1);
            Assert.Equal(scripts, report.GetProperty("there").GetArrayLength() + report.GetProperty("taken").GetArrayLength());
            Assert.All(
                report.GetProperty("taken").EnumerateArray(), taken => Assert.Equal(3, taken.GetProperty("versions").GetInt32()));
            Assert.Equal(scripts, (await ImportAsync(server, archive)).GetProperty("there").GetArrayLength());
            Assert.Equal("[7,2]", (await server.RunAsync("s7?version=2")).Data.Replace(" ", "", StringComparison.Ordinal));
            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_goes_wrong_is_one_line_and_a_status()
    {
        await using var server = await FaasServer.StartAsync("faas.http.api-keys = [\"root:admin:0123456789abcdef\"]");
        var (key, wrong, notes) = (Path.Combine(_folder, "key"), Path.Combine(_folder, "wrong"), Path.Combine(_folder, "notes.txt"));
        await File.WriteAllTextAsync(key, "0123456789abcdef\n");
        await File.WriteAllTextAsync(wrong, "0123456789abcdee\n");
        await File.WriteAllTextAsync(notes, "no archive\n");
        foreach (var (arguments, status, line) in new[]
        {
            (["import", notes], 1, "answers 401: A key is needed"),
            (["import", notes, "--key-file", wrong], 1, "answers 401: The key is unknown."),
            (["import", notes, "--key-file", key], 1, "answers 400: This is no archive: its first line is not"),
            (["import", Path.Combine(_folder, "none"), "--key-file", key], 66, "Could not find file"),
            (["import", "--key-file", key], 64, "import needs the file of an archive"),
            (["import", notes, "--redis", "redis://x"], 64, "import needs the file of an archive"),
            (["import", notes, "--dryrun"], 64, "\"--dryrun\" is not understood; did you mean --dry-run?"),
            (["export", notes], 64, "is not understood"),
            (new[] { "export", "--key-file" }, 64, "--key-file needs a value."),
        })
        {
            var (exitCode, log) = await RunAsync([.. arguments, .. status == 64 ? [] : new[] { "--server", $"{server.Address}" }]);
            Assert.Equal(status, exitCode);
            Assert.StartsWith("faas: ", log, StringComparison.Ordinal);
            Assert.Contains(line, log, StringComparison.Ordinal);
            Assert.Single(log.Trim().Split('\n'));
        }

        var (unreachable, _) = await RunAsync("export", "--server", $"http://127.0.0.1:{FreePort.Find()}");
        Assert.Equal(69, unreachable);
        await server.EndAsync();
    }

    // As go-faas writes it (internal/database/redis.go), with what else may be there.
    private static async Task FillAsync(IDatabase database)
    {
        foreach (var (path, language, versions) in s_goFaas)
        {
            var hash = HashOf(path);
            foreach (var (version, code, _) in versions)
            {
                var batch = database.CreateBatch();
                var writes = new Task[]
                {
                    batch.HashSetAsync($"meta:{hash}", [new("path", path), new("language", language), new("latest", version)]),
                    batch.StringSetAsync($"code:{hash}:{version}", code),
                    batch.SetAddAsync($"meta:{hash}:version", version),
                };
                batch.Execute();
                await Task.WhenAll(writes);
            }
        }

        await AddAsync(database, "a//b", "python", 3, "return 1");
        await AddAsync(database, "no language", "perl", 4, "1");
        await AddAsync(database, "/unreachable", "python", 5, null);
        await database.StringSetAsync("meta:other", "of another program");
        await database.StringSetAsync("faas:other", "of another program");
    }

    private static async Task AddAsync(IDatabase database, string path, string language, long version, string? code)
    {
        await database.HashSetAsync($"meta:{HashOf(path)}", [new("path", path), new("language", language), new("latest", version)]);
        await database.SetAddAsync($"meta:{HashOf(path)}:version", version);
        if (code is not null)
        {
            await database.StringSetAsync($"code:{HashOf(path)}:{version}", code);
        }
    }

#pragma warning disable CA5351 // go-faas names its keys by MD5
    private static string HashOf(string path) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(path)));
#pragma warning restore CA5351

    private static async Task RunsAllAsync(FaasServer server)
    {
        foreach (var (path, _, versions) in s_goFaas)
        {
            foreach (var (version, _, data) in versions)
            {
                var reply = await server.RunAsync($"{path}?version={version}");
                Assert.Equal(data is null ? HttpStatusCode.NotFound : HttpStatusCode.OK, reply.Status);
                Assert.True(
                    data is null || JsonElement.DeepEquals(JsonDocument.Parse(data).RootElement, reply.Body.GetProperty("data")),
                    reply.ToString());
            }
        }
    }

    private static byte[] Archive(int scripts)
    {
        var archive = new StringBuilder("{\"archive\":\"faas\",\"form\":1}\n");
        for (var i = 0; i < scripts; i++)
        {
            archive.Append("{\"script\":\"s").Append(i).Append("\"}\n");
            for (var version = 1; version <= 3; version++)
            {
                archive.Append($"{{\"version\":{version},\"language\":\"python\",\"source\":\"return [{i}, {version}]\"}}\n");
            }

            archive.Append("{\"end\":\"s").Append(i).Append("\",\"versions\":3}\n");
        }

        return Encoding.UTF8.GetBytes(archive.Append($"{{\"scripts\":{scripts}}}\n").ToString());
    }

    private static async Task<JsonElement> ImportAsync(FaasServer server, byte[] archive)
    {
        using var content = new ByteArrayContent(archive);
        using var response = await server.Client.PostAsync(new Uri("/api/v1/import", UriKind.Relative), content);
        var report = await response.ReadAsync();
        Assert.True(response.IsSuccessStatusCode, report.ToString());
        return report;
    }

    private Task<(int ExitCode, string Log)> RunAsync(params string[] arguments) =>
        FaasServer.RunVerbAsync(_folder, [("REDIS_PASSWORD", RedisServer.Password)], arguments);
}

/// <summary>What these tests ask of a server.</summary>
internal static class MovingCalls
{
    /// <summary>How many scripts are listed, up to a page.</summary>
    public static async Task<int> CountAsync(this FaasServer server)
    {
        using var response = await server.Client.GetAsync(new Uri("/api/v1/scripts?limit=1000", UriKind.Relative));
        return (await response.ReadAsync()).GetProperty("scripts").GetArrayLength();
    }

    /// <summary>PUT of a JSON body, which must succeed.</summary>
    public static async Task<HttpResponseMessage> PutAsync(this FaasServer server, string path, object body)
    {
        var response = await server.Client.PutAsync(
            new Uri(path, UriKind.Relative), new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response;
    }
}
