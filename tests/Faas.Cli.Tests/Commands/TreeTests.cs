using System.Text.Json;

namespace Faas.Cli.Tests.Commands;

/// <summary>Folders that are one script: <c>faas push</c>, <c>run</c>, <c>show --code</c> and <c>diff</c>.</summary>
[Collection(nameof(CliServer))]
public sealed class TreeTests(CliServer server) : IDisposable
{
    private readonly CliProcess _cli = new(server.Address);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_folder_with_an_entry_is_one_script_and_is_run_shown_and_compared_file_by_file()
    {
        _cli.Write("app/main.py", "# faas: timeout = 5s\nfrom lib.math import add\nreturn add(event['a'], 1)\n");
        _cli.Write("app/lib/math.py", "def add(a, b):\n    return a + b\n");
        _cli.Write("app/.git/config", "[core]");
        _cli.Write("app/node_modules/x/index.js", "1");
        _cli.Write("app/lib/__pycache__/math.pyc", "1");

        var run = await _cli.RunAsync("run", "app", "--input", "{\"a\": 2}");
        var first = await _cli.RunAsync("push", "app", "--tree", "--path", "folders/app", "-o", "json");
        var again = await _cli.RunAsync("push", "app", "--entry", "./main.py", "--path", "folders/app");
        _cli.Write("app/lib/math.py", "def add(a, b):\n    return a + b + 1\n");
        var second = await _cli.RunAsync("push", "app", "--tree", "--path", "folders/app");
        var called = await _cli.RunAsync("call", "folders/app", "--input", "{\"a\": 2}");
        var shown = await _cli.RunAsync("show", "folders/app", "--code");
        var json = await _cli.RunAsync("show", "folders/app", "--code", "-o", "json");
        var diff = await _cli.RunAsync("diff", "folders/app");

        Assert.Equal((0, "3\n"), (run.ExitCode, run.Out));
        Assert.Contains("app: left out .git, lib/__pycache__, node_modules.", run.Error, StringComparison.Ordinal);
        Assert.Equal("stored", JsonDocument.Parse(first.Out).RootElement[0].GetProperty("state").GetString());
        Assert.Contains("unchanged", again.Out, StringComparison.Ordinal);
        Assert.Contains("stored", second.Out, StringComparison.Ordinal);
        Assert.Equal("4\n", called.Out);
        Assert.StartsWith("==> lib/math.py <==\ndef add(a, b):\n    return a + b + 1\n\n==> main.py <==\n", shown.Out, StringComparison.Ordinal);
        Assert.Equal("main.py", JsonDocument.Parse(json.Out).RootElement.GetProperty("entry").GetString());
        Assert.Contains("--- folders/app/lib/math.py?version=", diff.Out, StringComparison.Ordinal);
        Assert.Contains("\n+    return a + b + 1\n", diff.Out, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), (await server.Client.Scripts.GetVersionAsync("folders/app")).Settings.Timeout);
    }

    [Fact]
    public async Task A_folder_of_scripts_may_hold_folders_that_are_one_script_by_their_faas_json()
    {
        _cli.Write("all/one.py", "return 1");
        _cli.Write("all/app/faas.json", """{"entry": "start.js", "path": "apps/first", "defaults": {"memory": "64M"}}""");
        _cli.Write("all/app/start.js", "import { two } from './two.js'\nreturn two");
        _cli.Write("all/app/two.js", "export const two = 2");

        var pushed = await _cli.RunAsync("push", "all", "--path", "folders", "-o", "json");

        Assert.Equal(
            ["folders/one", "folders/apps/first"],
            JsonDocument.Parse(pushed.Out).RootElement.EnumerateArray().Select(one => one.GetProperty("path").GetString()));
        Assert.Equal("2\n", (await _cli.RunAsync("call", "folders/apps/first")).Out);
        Assert.Equal(64 << 20, (await server.Client.Scripts.GetVersionAsync("folders/apps/first")).Settings.MemoryBytes);
    }

    [Fact]
    public async Task An_entry_that_is_unclear_or_not_there_is_named()
    {
        _cli.Write("two/main.js", "return 1");
        _cli.Write("two/index.js", "return 1");
        _cli.Write("two/bad.js", "return (");

        var unclear = await _cli.RunAsync("push", "two", "--tree");
        var missing = await _cli.RunAsync("push", "two", "--entry", "other.js");
        var wrong = await _cli.RunAsync("push", "two", "--entry", "main.js", "--path", "folders/wrong");

        Assert.Equal(64, unclear.ExitCode);
        Assert.Contains("two: it is unclear which file runs; --entry names it: index.js, main.js.", unclear.Error, StringComparison.Ordinal);
        Assert.Equal(66, missing.ExitCode);
        Assert.Contains("two has no file other.js", missing.Error, StringComparison.Ordinal);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("bad.js:1:", wrong.Error, StringComparison.Ordinal);
    }
}
