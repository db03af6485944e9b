using System.Text.Json;
using Faas.Client;

namespace Faas.Cli.Tests.Commands;

/// <summary><c>faas push</c>, <c>faas call</c> and <c>faas list</c>.</summary>
[Collection(nameof(CliServer))]
public sealed class PushTests(CliServer server) : IDisposable
{
    private readonly CliProcess _cli = new(server.Address);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_folder_is_pushed_with_settings_and_only_what_changes_makes_a_version()
    {
        _cli.Write("tree/math/add.py", "# faas: timeout = 5s\nreturn event['a'] + event['b']");
        _cli.Write("tree/math/sub.ts", "return (event.a as number) - event.b");
        _cli.Write("tree/math/faas.json", """{"defaults": {"labels": {"team": "maths"}}, "scripts": {"sub.ts": {"memory": "64M"}}}""");
        _cli.Write("tree/node_modules/x/skipped.js", "return 1");
        _cli.Write("tree/README.md", "none");

        var dry = await _cli.RunAsync("push", "tree", "--path", "push", "--dry-run");
        var first = await _cli.RunAsync("push", "tree", "--path", "push", "--alias", "stable", "-o", "json");
        _cli.Write("tree/math/add.py", "# faas: timeout = 5000ms\nreturn event['a'] + event['b'] # in another way");
        var again = await _cli.RunAsync("push", "tree", "--path", "push", "--dry-run");
        var second = await _cli.RunAsync("push", "tree", "--path", "push");

        Assert.Equal(["push/math/add new", "push/math/sub new"], Rows(dry));
        Assert.Equal((0, 0), (dry.ExitCode, first.ExitCode));
        using var stored = JsonDocument.Parse(first.Out);
        Assert.All(stored.RootElement.EnumerateArray(), one => Assert.Equal("stored", one.GetProperty("state").GetString()));
        Assert.Equal(["push/math/add changed", "push/math/sub unchanged"], Rows(again));
        Assert.Equal(["push/math/add stored", "push/math/sub unchanged"], Rows(second));
        var add = await server.Client.Scripts.GetAsync("push/math/add");
        Assert.Equal((2, TimeSpan.FromSeconds(5), "maths"), (add.Versions, add.Latest.Settings.Timeout, add.Latest.Settings.Labels!["team"]));
        Assert.Equal(stored.RootElement[0].GetProperty("version").GetInt64(), Assert.Single(add.Aliases).Version);
        Assert.Equal(64 << 20, (await server.Client.Scripts.GetVersionAsync("push/math/sub")).Settings.MemoryBytes);
    }

    [Fact]
    public async Task What_does_not_compile_is_named_and_the_others_are_stored()
    {
        _cli.Write("some/bad.py", "return (");
        _cli.Write("some/good.py", "# faas: path = some/better\nreturn 1");
        var result = await _cli.RunAsync("push", "some", "-p", "mixed");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(["mixed/bad failed", "mixed/some/better stored"], Rows(result));
        Assert.StartsWith("faas: some/bad.py: SyntaxError", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_imports_another_one_is_told_what_stores_both()
    {
        _cli.Write("near/main.py", "import json\nfrom lib.m import x\nreturn x");
        _cli.Write("near/lib/m.py", "import os\nx = 1");
        _cli.Write("near/js/a.js", "export default async () => (await import('./b')).default");
        _cli.Write("near/js/b.js", "import { sep } from 'node:path'\nexport default sep");
        var result = await _cli.RunAsync("push", "near", "--path", "near");
        Assert.Equal(
            [
                "faas: near/js/a.js imports \"./b\", which a script of one file does not have; --tree stores its folder as one script.",
                "faas: near/main.py imports lib.m, which a script of one file does not have; --tree stores its folder as one script.",
            ],
            result.Error.TrimEnd().Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal("", (await _cli.RunAsync("push", "near", "--tree", "--entry", "main.py", "--path", "near/all")).Error);
    }

    [Fact]
    public async Task With_log_what_is_stored_and_what_fails_is_told_as_without()
    {
        _cli.Write("logged/good.py", "return 1");
        _cli.Write("logged/bad.py", "# /// script\n# dependencies = ['a @ http://127.0.0.1/a.whl']\n# ///\n");
        var result = await _cli.RunAsync("push", "logged", "--path", "logged", "--log");
        Assert.Equal(["logged/bad failed", "logged/good stored"], Rows(result));
        Assert.Contains("names an address", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_finds_what_the_server_would_refuse_and_stores_nothing()
    {
        _cli.Write("dry/bad.py", "return (");
        _cli.Write("dry/good.py", "return 1");
        _cli.Write("dry/many.py", "# faas: cpus = 5000\nreturn 1");
        _cli.Write("dry/bad name .py", "return 1");
        var dry = await _cli.RunAsync("push", "dry", "-p", "dry", "--dry-run", "-o", "json");
        var told = await _cli.RunAsync("push", "dry", "-p", "dry", "--dry-run");
        var pushed = await _cli.RunAsync("push", "dry", "-p", "dry");
        Assert.Equal((pushed.ExitCode, pushed.ExitCode), (dry.ExitCode, told.ExitCode));
        Assert.Equal(Rows(pushed).Select(row => row.Replace("stored", "new")), Rows(told));
        Assert.Equal(pushed.Error, told.Error);
        Assert.Contains("dry/good new", Rows(told));
        Assert.Contains("dry/many failed", Rows(told));
        using var problem = JsonDocument.Parse(dry.Error);
        Assert.Equal("incomplete", problem.RootElement.GetProperty("reason").GetString());
        Assert.Equal(1, (await server.Client.Scripts.GetAsync("dry/good")).Versions);
        Assert.Contains("dry/good unchanged", Rows(await _cli.RunAsync("push", "dry", "-p", "dry", "--dry-run")));
    }

    [Theory]
    [InlineData("faas.json: \"scripts\" has \"subb.ts\", which is no file beside it; did you mean sub.ts?", "sub.ts")]
    [InlineData("faas.json: \"scripts\" has \"subb.ts\", which is no file beside it; did you mean sub.ts?", ".")]
    [InlineData("empty/faas.json: \"scripts\" has \"a.py\", \"b.py\", which are no files beside it.", "empty")]
    public async Task Settings_of_a_file_that_is_not_there_are_refused(string said, string what)
    {
        _cli.Write("sub.ts", "return 1");
        _cli.Write("faas.json", """{"scripts": {"subb.ts": {"memory": "64M"}}}""");
        _cli.Write("empty/faas.json", """{"scripts": {"a.py": {}, "b.py": {}}}""");
        var result = await _cli.RunAsync("push", what);
        Assert.Equal((64, ""), (result.ExitCode, result.Out));
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task What_cannot_be_read_is_named_and_the_others_are_stored()
    {
        _cli.Write("unread/a@b.py", "return 1");
        _cli.Write("unread/good.py", "return 1");
        _cli.Write("unread/typo.py", "# faas: timeot = 5s\nreturn 1");
        _cli.Write("unread/twice.py", "# faas: env = {\"A\": \"1\", \"A\": \"2\"}\nreturn 1");
        _cli.Write("unread/long.py", "# faas: timeout = 1e300\nreturn 1");
        var result = await _cli.RunAsync("push", "unread", "-p", "unread");
        Assert.Equal(64, result.ExitCode);
        Assert.Equal(
            ["unread/good stored", "unread/a@b failed", "unread/long failed", "unread/twice failed", "unread/typo failed"], Rows(result));
        Assert.Contains("did you mean timeout?", result.Error, StringComparison.Ordinal);
        Assert.Contains("has an @ in its last part", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_whose_alias_is_refused_is_stored_and_the_refusal_is_told()
    {
        _cli.Write("named.py", "return 1");
        var result = await _cli.RunAsync("push", "named.py", "-p", "alias/named", "--alias", "not allowed");
        Assert.Equal(65, result.ExitCode);
        Assert.Equal(["alias/named stored"], Rows(result));
        Assert.Contains("\"not allowed\"", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, "would both be the script \"a\"", "both")]
    [InlineData(66, "holds no script", "empty")]
    [InlineData(66, "There is no file nowhere.py", "nowhere.py")]
    public async Task A_folder_that_makes_no_sense_is_refused_before_anything_is_stored(int exitCode, string said, string what)
    {
        _cli.Write("both/a.py", "return 1");
        _cli.Write("both/a.js", "return 1");
        _cli.Write("empty/README.md", "none");
        var result = await _cli.RunAsync("push", what);
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        Assert.Contains(said, result.Error);
    }

    [Fact]
    public async Task A_pushed_script_is_called_with_values_streams_versions_and_bytes()
    {
        _cli.Write("hi.py", "print('prints')\nreturn 'hello ' + event.get('name', 'you')");
        _cli.Write("bytes.py", "return bytes([1, 255, 0])");
        Assert.Equal("call/hi stored", Assert.Single(Rows(await _cli.RunAsync("push", "hi.py", "--path", "call/hi"))));
        var version = (await server.Client.Scripts.GetVersionAsync("call/hi")).Version;
        await _cli.RunAsync("push", "bytes.py", "--path", "call/bytes");

        Assert.Equal(new CliResult(0, "hello Ada\n", ""), await _cli.RunAsync("call", "call/hi", "-i", """{"name": "Ada"}"""));
        Assert.Equal(new CliResult(0, "prints\nhello you\n", ""), await _cli.RunAsync("call", $"call/hi@{version}", "--stream"));
        using var json = JsonDocument.Parse((await _cli.RunAsync("call", "call/hi", "-o", "json")).Out);
        Assert.Equal(version, json.RootElement.GetProperty("version").GetInt64());
        Assert.Equal([1, 255, 0], await _cli.BytesAsync("call", "call/bytes"));
        var missing = await _cli.RunAsync("call", "call/hi@nowhere");
        Assert.Equal((66, ""), (missing.ExitCode, missing.Out));
    }

    [Fact]
    public async Task The_output_of_a_call_that_fails_is_on_stderr()
    {
        await server.Client.Scripts.UploadAsync(new Upload("call/fails", Languages.JavaScript, "console.log('before'); throw new TypeError('bad')"));
        var result = await _cli.RunAsync("call", "call/fails");
        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("before\nTypeError: bad\n", result.Error, StringComparison.Ordinal);
        using var problem = JsonDocument.Parse((await _cli.RunAsync("call", "call/fails", "-o", "json")).Error);
        Assert.Equal("error", problem.RootElement.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Scripts_are_listed_by_prefix_and_limit()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            await server.Client.Scripts.UploadAsync(new Upload($"list/{name}", Languages.Python, "return 1"));
        }

        await Eventually.HoldsAsync(
            async () => (await server.Client.Scripts.PageAsync("list/")).Scripts.Count == 3, TimeSpan.FromSeconds(10), () => "the list is behind");
        var all = await _cli.RunAsync("list", "list/");
        Assert.Equal(["PATH", "list/a", "list/b", "list/c"], all.Out.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]));
        var some = await _cli.RunAsync("list", "list/", "--limit", "2", "-o", "json");
        using var json = JsonDocument.Parse(some.Out);
        Assert.Equal(2, json.RootElement.GetArrayLength());
        Assert.Contains("more than 2", some.Error);
    }

    private static List<string> Rows(CliResult result) =>
    [
        .. result.Out.TrimEnd().Split('\n').Skip(1)
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(cells => $"{cells[0]} {cells[1]}"),
    ];
}
