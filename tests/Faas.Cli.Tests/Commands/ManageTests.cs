using System.Text.Json;
using Faas.Client;

namespace Faas.Cli.Tests.Commands;

/// <summary>The commands that show and change what is stored.</summary>
[Collection(nameof(CliServer))]
public sealed class ManageTests(CliServer server) : IAsyncLifetime, IDisposable
{
    private readonly CliProcess _cli = new(server.Address);
    private readonly string _path = $"manage/{Guid.NewGuid():N}";
    private long _first;
    private long _second;

    public async Task InitializeAsync()
    {
        var settings = new ScriptSettings { Timeout = TimeSpan.FromSeconds(5), MemoryBytes = 64 << 20, Description = "Says one." };
        _first = (await server.Client.Scripts.UploadAsync(new Upload(_path, Languages.Python, "x = 0\nreturn 1\n", settings))).Version;
        _second = (await server.Client.Scripts.UploadAsync(new Upload(_path, Languages.Python, "x = 0\nreturn 2\n"))).Version;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_script_is_shown_with_its_settings_its_versions_and_its_code()
    {
        await server.Client.Aliases.MoveAsync(_path, "stable", new AliasTarget(_first));
        var shown = await SaidAsync("show", _path);
        Assert.Contains($"alias     stable = {_first}\n", shown);
        Assert.Contains($"latest    {_second}\n", shown);
        var version = await SaidAsync("show", $"{_path}@stable");
        Assert.Matches("timeout +5s\nmemory +64M\ndescription +Says one.\n", version);
        Assert.Equal("x = 0\nreturn 1\n", await SaidAsync("show", $"{_path}@{_first}", "--code"));
        using var json = JsonDocument.Parse(await SaidAsync("show", _path, "-o", "json"));
        Assert.Equal(_second, json.RootElement.GetProperty("latest").GetProperty("version").GetInt64());

        string[] lines = [.. (await SaidAsync("versions", _path)).TrimEnd().Split('\n').Skip(1)];
        Assert.StartsWith($"{_second}  python", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("stable   timeout=5s memory=64M description=Says one.", lines[1], StringComparison.Ordinal);
        using var versions = JsonDocument.Parse((await _cli.RunAsync("versions", _path, "--limit", "1", "-o", "json")).Out);
        Assert.Equal(_second, Assert.Single(versions.RootElement.EnumerateArray()).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Versions_are_compared()
    {
        Assert.EndsWith(" x = 0\n-return 1\n+return 2\n", await SaidAsync("diff", _path), StringComparison.Ordinal);
        Assert.EndsWith(" x = 0\n-return 2\n+return 1\n", await SaidAsync("diff", _path, "latest", $"{_first}"), StringComparison.Ordinal);
        Assert.Equal("", await SaidAsync("diff", _path, "latest"));
        using var json = JsonDocument.Parse(await SaidAsync("diff", _path, "-o", "json"));
        Assert.Contains("+return 2", json.RootElement.GetProperty("diff").GetString());
        Assert.Contains("\u001b[32m+return 2\u001b[0m", (await _cli.RunAtTerminalAsync("", "diff", _path)).Out);
    }

    [Fact]
    public async Task An_alias_is_made_split_moved_back_and_deleted()
    {
        await SaidAsync("alias", _path, "stable", $"{_first}");
        Assert.Contains($"{_second}", await SaidAsync("alias", _path, "stable", "latest"));
        await SaidAsync("alias", _path, "stable", $"{_first}=90", $"{_second}=10", "--sticky", "X-User");
        Assert.Contains($"{_first}=90 {_second}=10 --sticky X-User", await SaidAsync("alias", _path));
        Assert.Equal(_second, (await AliasAsync()).Previous?.Version);

        await SaidAsync("rollback", _path, "stable");

        Assert.Equal(_second, (await AliasAsync()).Version);
        using var json = JsonDocument.Parse(await SaidAsync("alias", _path, "stable", "-o", "json"));
        Assert.Equal(_second, json.RootElement.GetProperty("version").GetInt64());
        await SaidAsync("alias", _path, "stable", "--delete");
        Assert.Equal(66, (await _cli.RunAsync("alias", _path, "stable")).ExitCode);
    }

    [Fact]
    public async Task An_earlier_version_becomes_the_latest_under_a_new_number()
    {
        Assert.Contains($"with the sources, settings and libraries of {_first}", await SaidAsync("rollback", _path, "--to", $"{_first}"));
        var latest = await server.Client.Scripts.GetVersionAsync(_path);
        Assert.Equal((true, "Says one."), (latest.Version > _second, latest.Settings.Description));
        Assert.Equal("1\n", await SaidAsync("call", _path));
        Assert.Contains("is the same as", await SaidAsync("rollback", _path, "--to", $"{_first}"));
    }

    [Fact]
    public async Task An_earlier_version_of_several_files_comes_back_with_all_of_them()
    {
        var path = $"{_path}/tree";
        var first = (await server.Client.Scripts.UploadAsync(TreeOf(path, 1))).Version;
        await server.Client.Scripts.UploadAsync(TreeOf(path, 2));
        await SaidAsync("rollback", path, "--to", $"{first}");
        Assert.Equal("1\n", await SaidAsync("call", path));
        Assert.Equal(3, (await server.Client.Scripts.GetSourcesAsync(path)).Sources.Count);
        Assert.Equal(66, (await _cli.RunAsync("rollback", path, "--to", "1")).ExitCode);
    }

    [Fact]
    public async Task What_is_deleted_is_asked_about_first()
    {
        Assert.Contains("--yes answers", (await _cli.RunAsync("rm", _path)).Error);
        Assert.Contains("It stays.", (await _cli.RunAtTerminalAsync("n\n", "rm", _path)).Out);
        await SaidAsync("rm", $"{_path}@{_first}", "--yes");
        Assert.Equal(1, (await server.Client.Scripts.GetAsync(_path)).Versions);
        Assert.Contains("is deleted.", (await _cli.RunAtTerminalAsync("y\n", "rm", _path)).Out);
        Assert.Equal(66, (await _cli.RunAsync("show", _path)).ExitCode);
    }

    [Fact]
    public async Task One_that_cannot_be_deleted_keeps_no_other_back()
    {
        await server.Client.Scripts.UploadAsync(new Upload($"{_path}/b", Languages.Python, "return 1"));
        var result = await _cli.RunAsync("rm", "--yes", "nowhere", $"{_path}@{_second + 1000}", $"{_path}/b", _path);
        Assert.Equal((66, ""), (result.ExitCode, result.Out));
        Assert.Equal(2, result.Error.TrimEnd().Split('\n').Length);
        Assert.Equal(66, (await _cli.RunAsync("show", _path)).ExitCode);
        Assert.Equal(66, (await _cli.RunAsync("show", $"{_path}/b")).ExitCode);
    }

    [Theory]
    [InlineData(64, "NAME is empty.", "alias", "a", "")]
    [InlineData(64, "--to is \"\"; allowed is a text that is not empty.", "rollback", "a", "--to", "")]
    [InlineData(64, "names a version; a PATH alone is allowed here", "versions", "a@1")]
    [InlineData(64, "not by a name that may move", "rm", "a@stable", "--yes")]
    [InlineData(64, "Say either what ALIAS", "rollback", "a")]
    [InlineData(64, "The weights add up to 90", "alias", "a", "b", "1=80", "2=10")]
    [InlineData(64, "\"1=x\" is no VERSION=WEIGHT", "alias", "a", "b", "1=x", "2=10")]
    [InlineData(64, "--sticky is for two versions", "alias", "a", "b", "1", "--sticky", "X")]
    [InlineData(64, "--delete needs the NAME", "alias", "a", "--delete")]
    [InlineData(64, "--limit is \"0\"; allowed is a whole number from 1 to 1000000.", "versions", "a", "--limit", "0")]
    [InlineData(66, "There is no script \"nowhere\"", "show", "nowhere")]
    [InlineData(66, "There is no script \"nowhere\"", "diff", "nowhere")]
    public async Task What_makes_no_sense_is_named(int exitCode, string said, params string[] arguments)
    {
        var result = await _cli.RunAsync(arguments);
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        Assert.Contains(said, result.Error);
    }

    private async Task<string> SaidAsync(params string[] arguments)
    {
        var result = await _cli.RunAsync(arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Out;
    }

    private static Upload TreeOf(string path, int value) => new(path, Languages.Python, "")
    {
        Sources =
        [
            new TreeFile("main.py", "from lib.value import VALUE\nreturn VALUE"),
            new TreeFile("lib/value.py", $"VALUE = {value}"),
            new TreeFile("notes.txt", "Nothing imports this."),
        ],
    };

    private Task<ScriptAlias> AliasAsync() => server.Client.Aliases.GetAsync(_path, "stable");
}
