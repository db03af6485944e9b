using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Faas.Client;
using StackExchange.Redis;

namespace Faas.Cli.Tests.Commands;

/// <summary><c>faas export</c> and <c>faas import</c>.</summary>
[Collection(nameof(CliServer))]
public sealed class MovingTests(CliServer server) : IDisposable
{
    private const string TypeScript = "enum Answer { Right = 42 }\nconst answer: Answer = Answer.Right\nreturn answer";

    private static readonly (string Path, string Language, (long Version, string Code, string? Data)[] Versions)[] s_goFaas =
    [
        ("math/add", "python", [(1_700_000_000, "return event.get('a', 1) + 1", "2"), (1_700_000_007, "return 'größer \U0001F600'", "\"größer \U0001F600\"")]),
        ("plain", "javascript", [(1_700_000_001, "return event.a ?? 7", "7")]),
        ("typed", "typescript", [(1_700_000_002, TypeScript, "42"), (1_700_000_003, "const = ;", null), (1_700_000_004, "return 1 as number", "1")]),
    ];

    private readonly CliProcess _cli = new(server.Address);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Every_version_of_a_go_faas_runs_under_its_number_and_what_cannot_be_taken_is_named()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.UseAsync(FillAsync);
        _cli.Variables["REDIS_PASSWORD"] = RedisServer.Password;
        string[] import = ["import", "--onto", "go", "--redis", $"redis://127.0.0.1:{redis.Port}/{RedisServer.Database}"];

        var dry = await _cli.RunAsync([.. import, "--dry-run"]);
        Assert.Equal("not_found", (await Assert.ThrowsAsync<FaasException>(() => server.Client.Runs.RunAsync("go/plain"))).Reason);
        var done = await _cli.RunAsync(import);

        Assert.Equal((1, 1, ""), (dry.ExitCode, done.ExitCode, done.Error)); // not all could be taken
        Assert.Equal(
            [
                "left out  /unreachable  Version 5 has no code.",
                "left out  go/typed  Version 1700000003: its code does not compile: Expected identifier but found \"=\" (line 1).",
                "left out  no language  Its language is \"perl\", not one of javascript, typescript, python.",
                "taken     go/math/add  2 versions",
                "taken     go/plain  1 versions",
                "taken     go/typed  2 versions",
            ],
            done.Out.Split('\n').Where(line => line.Contains("  ", StringComparison.Ordinal) && !line.StartsWith("refused", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
        Assert.Contains("The path must not contain empty segments, nor start or end with a slash.", done.Out);
        Assert.EndsWith("Taken: 3, there already: 0, refused: 1, left out: 3.\n", done.Out, StringComparison.Ordinal);
        Assert.EndsWith("Taken: 3, there already: 0, refused: 1, left out: 3.\n", dry.Out, StringComparison.Ordinal);
        await RunsAllAsync();
        using var again = JsonDocument.Parse((await _cli.RunAsync([.. import, "-o", "json"])).Out);
        Assert.Equal((0, 3), (again.RootElement.GetProperty("taken").GetArrayLength(), again.RootElement.GetProperty("leftOut").GetArrayLength()));
        Assert.True((await server.Client.Scripts.UploadAsync(new Upload("go/plain", Languages.Python, "return 1"))).Version > 1_700_000_001);
    }

    [Fact]
    public async Task Scripts_move_as_an_archive_with_everything()
    {
        var scripts = server.Client.Scripts;
        var first = (await scripts.UploadAsync(new Upload("moving/typed", Languages.TypeScript, TypeScript))).Version;
        await scripts.UploadAsync(new Upload("moving/typed", Languages.Python, "return 2"));
        await scripts.UploadAsync(new Upload("moving/b", Languages.JavaScript, "return 3"));
        await server.Client.Aliases.MoveAsync("moving/typed", "stable", new AliasTarget(first));
        await Eventually.HoldsAsync(
            async () => (await scripts.PageAsync("moving/")).Scripts.Count == 2, TimeSpan.FromSeconds(10), () => "the list is behind");

        Assert.Equal(new CliResult(0, "", ""), await _cli.RunAsync("export", "some.ndjson.gz", "--prefix", "moving/"));
        var plain = await _cli.RunAsync("export", "--prefix", "moving/");
        var import = await _cli.RunAsync("import", "some.ndjson.gz", "--onto", "young");
        var fromStdin = await _cli.RunAsync(plain.Out, ["import", "-", "--onto", "young"]);

        await using (var packed = new GZipStream(File.OpenRead(Path.Combine(_cli.Folder, "some.ndjson.gz")), CompressionMode.Decompress))
        using (var text = new StreamReader(packed))
        {
            Assert.Equal(plain.Out, await text.ReadToEndAsync());
        }

        Assert.Equal((0, ""), (import.ExitCode, import.Error));
        Assert.EndsWith("Taken: 2, there already: 0, refused: 0, left out: 0.\n", import.Out, StringComparison.Ordinal);
        Assert.Equal("Taken: 0, there already: 2, refused: 0, left out: 0.\n", fromStdin.Out);
        Assert.Equal("2\n", (await _cli.RunAsync("call", "young/moving/typed")).Out);
        Assert.Equal("42\n", (await _cli.RunAsync("call", "young/moving/typed@stable")).Out);
        Assert.Equal("3\n", (await _cli.RunAsync("call", "young/moving/b")).Out);
    }

    [Fact]
    public async Task An_export_that_cannot_be_written_whole_leaves_nothing_and_keeps_what_was_there()
    {
        await server.Client.Scripts.UploadAsync(new Upload("exported/one", Languages.Python, $"return '{new string('x', 100_000)}'"));
        _cli.Write("old.ndjson", "older");
        // A limit on the size of files stands in for a full disk (setrlimit(2)).
        var full = await _cli.RunInShellAsync("export DOTNET_EnableWriteXorExecute=0; ulimit -f 8; trap '' XFSZ; $faas export old.ndjson --prefix exported/");
        Assert.Equal((74, "faas: old.ndjson cannot be written: it is too large for the disk.\n"), (full.ExitCode, full.Error));
        var stdout = await _cli.RunInShellAsync("$faas export --prefix exported/ > /dev/full");
        Assert.Equal((74, "faas: stdout cannot be written: no space left on device.\n"), (stdout.ExitCode, stdout.Error));
        Assert.Equal("older", await File.ReadAllTextAsync(Path.Combine(_cli.Folder, "old.ndjson")));
        Assert.Single(Directory.GetFiles(_cli.Folder));

        File.SetUnixFileMode(Path.Combine(_cli.Folder, "old.ndjson"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(Path.Combine(_cli.Folder, "link.ndjson"), "old.ndjson");
        Assert.Equal(new CliResult(0, "", ""), await _cli.RunAsync("export", "link.ndjson", "--prefix", "exported/"));
        Assert.Contains("exported/one", await File.ReadAllTextAsync(Path.Combine(_cli.Folder, "old.ndjson")));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_cli.Folder, "old.ndjson")));
        var piped = await _cli.RunInShellAsync("$faas export /dev/stdout --prefix exported/ | tail -n 1 | cut -c1-6");
        Assert.Equal((0, "{\"scri\n"), (piped.ExitCode, piped.Out));
    }

    [Fact]
    public async Task A_redis_that_refuses_or_is_not_there_is_named()
    {
        await using var redis = await RedisServer.StartAsync();
        _cli.Variables["REDIS_PASSWORD"] = "wrong";
        var wrong = await _cli.RunAsync("import", "--redis", $"redis://127.0.0.1:{redis.Port}");
        Assert.Equal((69, ""), (wrong.ExitCode, wrong.Out));
        Assert.StartsWith($"faas: Redis at 127.0.0.1:{redis.Port} refuses: WRONGPASS", wrong.Error, StringComparison.Ordinal);
        var nowhere = await _cli.RunAsync("import", "--redis", "redis://127.0.0.1:1");
        Assert.Equal((69, "faas: Redis at 127.0.0.1:1 cannot be reached: Connection refused\n"), (nowhere.ExitCode, nowhere.Error));
    }

    [Theory]
    [InlineData(64, "Say either the FILE of an archive", "import")]
    [InlineData(64, "Say either the FILE of an archive", "import", "notes.txt", "--redis", "redis://x")]
    [InlineData(64, "--redis is \"http://x\"; allowed is redis://", "import", "--redis", "http://x")]
    [InlineData(64, "did you mean --dry-run?", "import", "notes.txt", "--dryrun")]
    [InlineData(65, "This is no archive: its first line is not", "import", "notes.txt")]
    [InlineData(64, "REDIS_PASSWORD", "import", "--redis", "redis://:pa55word@localhost")]
    [InlineData(64, "REDIS_PASSWORD", "import", "--redis", "redis://pa55word@localhost")]
    [InlineData(64, "REDIS_PASSWORD", "import", "--redis", "localhost:pa55word@x")]
    [InlineData(64, "`faas login`", "list", "--server", "http://ada:pa55word@localhost")]
    [InlineData(64, "`faas login`", "list", "--server", "ada:pa55word@localhost")]
    [InlineData(64, "`faas login`", "login", "ftp://ada:pa55word@localhost")]
    [InlineData(66, "There is no file none.", "import", "none")]
    [InlineData(66, "There is no file redis://", "import", "redis://:pa55word@localhost")]
    [InlineData(74, "nowhere/all.ndjson cannot be written: there is no such folder.", "export", "nowhere/all.ndjson")]
    [InlineData(74, "/dev/full cannot be written: no space left on device.", "export", "/dev/full")]
    [InlineData(77, "The key is unknown.", "export", "--key-file", "wrong.key")]
    public async Task What_goes_wrong_is_one_line_and_a_status(int exitCode, string said, params string[] arguments)
    {
        _cli.Write("notes.txt", "no archive\n");
        _cli.WriteKey("wrong.key", "0123456789abcdee\n");
        var result = await _cli.RunAsync(arguments);
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        Assert.Contains(said, result.Error);
        Assert.DoesNotContain("pa55word", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
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

    private async Task RunsAllAsync()
    {
        foreach (var (path, _, versions) in s_goFaas)
        {
            foreach (var (version, _, data) in versions)
            {
                var call = () => server.Client.Runs.RunAsync($"go/{path}", null, new RunOptions { Version = $"{version}" });
                if (data is null)
                {
                    Assert.Equal("not_found", (await Assert.ThrowsAsync<FaasException>(call)).Reason);
                }
                else
                {
                    Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(data).RootElement, (await call()).Data));
                }
            }
        }
    }
}
