using System.Text.Json;
using Faas.Client;

namespace Faas.Cli.Tests.Commands;

/// <summary><c>faas key</c>, <c>faas secret</c>, <c>faas settings</c> and <c>faas reload</c>.</summary>
[Collection(nameof(CliServer))]
public sealed class KeyTests(CliServer server) : IDisposable
{
    private const string Value = "sk-0123456789-of-the-tests";
    private readonly CliProcess _cli = new(server.Address);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_key_is_made_shown_once_used_and_ended()
    {
        var made = await _cli.RunAsync(
            "key", "create", "cli-ci", "--scope", "read", "--scope", "invoke", "--path", "math", "--expires", "90d", "--rate", "5/20");
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        var key = (await server.Client.Keys.ListAsync()).Single(one => one.Name == "cli-ci");
        Assert.Equal((5, 20), (key.Rate!.RequestsPerSecond, key.Rate.Burst));
        Assert.InRange(key.ExpiresAt!.Value - DateTimeOffset.UtcNow, TimeSpan.FromDays(89), TimeSpan.FromDays(90));
        var file = _cli.WriteKey("ci.key", made.Out);

        Assert.Null(key.Network);
        Assert.Equal(0, (await _cli.RunAsync("list", "math/", "--key-file", file)).ExitCode);
        Assert.Equal(0, (await _cli.RunAsync(made.Out, ["list", "math/", "--key-file", "-"])).ExitCode);
        var refused = await _cli.RunAsync("key", "list", "--key-file", file);
        Assert.Equal(77, refused.ExitCode);
        Assert.Contains("lacks the scope \"admin\"", refused.Error);
        var list = await _cli.RunAsync("key", "list");
        Assert.Contains("cli-ci  invoke read  math   api", list.Out);
        Assert.DoesNotContain(made.Out.Trim(), list.Out);
        Assert.Equal(0, (await _cli.RunAsync("key", "rm", "cli-ci")).ExitCode);
        Assert.Equal(77, (await _cli.RunAsync("list", "--key-file", file)).ExitCode);
    }

    [Fact]
    public async Task A_key_goes_into_a_file_that_is_its_owners_alone_and_from_no_other()
    {
        var made = await _cli.RunAsync("key", "create", "cli-file", "--scope", "read", "--out", "my.key");
        Assert.Equal(new CliResult(0, "", ""), made);
        var file = Path.Combine(_cli.Folder, "my.key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(0, (await _cli.RunAsync("list", "--key-file", "my.key")).ExitCode);
        var again = await _cli.RunAsync("key", "create", "cli-file-2", "--scope", "read", "--out", "my.key");
        Assert.Equal((64, ""), (again.ExitCode, again.Out));
        Assert.StartsWith("faas: my.key exists", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(await server.Client.Keys.ListAsync(), key => key.Name == "cli-file-2");
        var refused = await _cli.RunAsync("key", "create", "not a name", "--scope", "read", "--out", "other.key");
        Assert.Equal(65, refused.ExitCode);
        Assert.False(File.Exists(Path.Combine(_cli.Folder, "other.key")));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var exposed = await _cli.RunAsync("list", "--key-file", "my.key");
        Assert.Equal((78, ""), (exposed.ExitCode, exposed.Out));
        Assert.Equal("faas: my.key holds a secret, and other users may read or write it. Run: chmod 600 my.key\n", exposed.Error);
        await server.Client.Keys.DeleteAsync("cli-file");
    }

    [Fact]
    public async Task A_key_bounds_the_hosts_that_a_push_may_ask_for()
    {
        var made = await _cli.RunAsync(
            "key", "create", "cli-hosts", "--scope", "write", "--allow-host", "*.example.org", "--allow-host", "api.example.com:443");
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        var file = _cli.WriteKey("hosts.key", made.Out);
        Assert.Contains("*.example.org api.example.com:443", (await _cli.RunAsync("key", "list")).Out);
        _cli.Write("asks.py", "# faas: network = {\"allow\": [\"api.example.com\"]}\nreturn 1\n");

        var refused = await _cli.RunAsync("push", "asks.py", "--path", "hosts/asks", "--key-file", file);

        Assert.Equal(65, refused.ExitCode);
        Assert.Contains("\"network\" asks for \"api.example.com\", which the", refused.Error);
        await server.Client.Keys.DeleteAsync("cli-hosts");
        Assert.Equal(0, (await _cli.RunAsync("key", "create", "cli-closed", "--scope", "write", "--no-hosts")).ExitCode);
        Assert.Equal([], Assert.Single(await server.Client.Keys.ListAsync(), key => key.Name == "cli-closed").Network!);
        await server.Client.Keys.DeleteAsync("cli-closed");
        var both = await _cli.RunAsync("key", "create", "x", "--scope", "write", "--no-hosts", "--allow-host", "a.test");
        Assert.Equal((64, "faas: --no-hosts and --allow-host exclude each other.\n"), (both.ExitCode, both.Error));
    }

    [Fact]
    public async Task A_secret_comes_from_stdin_or_a_file_and_reaches_scripts_alone()
    {
        Assert.Equal(0, (await _cli.RunAsync($"{Value}\n", ["secret", "set", "CLI_KEY", "--path", "secret"])).ExitCode);
        var settings = new ScriptSettings { Secrets = ["CLI_KEY"] };
        await server.Client.Scripts.UploadAsync(new Upload("secret/len", Languages.Python, "return len(secrets.CLI_KEY)", settings));
        Assert.Equal($"{Value.Length}\n", (await _cli.RunAsync("call", "secret/len")).Out);

        _cli.Write("value", "12345678");
        using var json = JsonDocument.Parse((await _cli.RunAsync("secret", "set", "CLI_KEY", "--file", "value", "-o", "json")).Out);
        Assert.Equal("CLI_KEY", json.RootElement.GetProperty("name").GetString());
        Assert.Equal("8\n", (await _cli.RunAsync("call", "secret/len")).Out);
        Assert.Contains("CLI_KEY", (await _cli.RunAsync("secret", "list")).Out);
        Assert.Contains("secrets are encrypted with the key", (await _cli.RunAsync("secret", "rotate")).Out);
        Assert.Equal(0, (await _cli.RunAsync("secret", "rm", "CLI_KEY")).ExitCode);
        Assert.Equal(66, (await _cli.RunAsync("secret", "rm", "CLI_KEY")).ExitCode);
    }

    [Fact]
    public async Task A_value_that_is_typed_is_not_shown()
    {
        var result = await _cli.RunAtTerminalAsync($"{Value}\n", "secret", "set", "CLI_TYPED");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Every script may use CLI_TYPED", result.Out);
        // The terminal itself echoes what is typed before the question appears, so only what comes after it counts.
        Assert.DoesNotContain(Value, result.Out[result.Out.IndexOf("CLI_TYPED:", StringComparison.Ordinal)..]);
        await server.Client.Secrets.DeleteAsync("CLI_TYPED");
    }

    [Fact]
    public async Task Settings_are_shown_and_read_anew()
    {
        Assert.Matches(@"\nfaas\.pool\.running +\S+ +yes", (await _cli.RunAsync("settings", "faas.pool.r")).Out);
        using var settings = JsonDocument.Parse((await _cli.RunAsync("settings", "-o", "json")).Out);
        Assert.True(settings.RootElement.GetArrayLength() > 30);
        using var report = JsonDocument.Parse((await _cli.RunAsync("reload", "-o", "json")).Out);
        Assert.Equal(0, report.RootElement.GetProperty("changed").GetArrayLength());
        Assert.Equal(0, (await _cli.RunAsync("reload")).ExitCode);
    }

    [Theory]
    [InlineData(64, "--scope is \"reed\"; allowed is one of invoke, execute, write, read, runs, metrics, admin.", "key", "create", "a", "--scope", "reed")]
    [InlineData(64, "--expires is \"soon\"; allowed is a number of days", "key", "create", "a", "--scope", "read", "--expires", "soon")]
    [InlineData(64, "--rate is \"5\"; allowed is N/BURST", "key", "create", "a", "--scope", "read", "--rate", "5")]
    [InlineData(64, "--scope", "key", "create", "a")]
    [InlineData(65, "limits no key with the scope", "key", "create", "a", "--scope", "admin", "--path", "x")]
    [InlineData(65, "\"value\" is empty", "secret", "set", "CLI_EMPTY")]
    [InlineData(66, "There is no file nowhere", "secret", "set", "A", "--file", "nowhere")]
    public async Task What_makes_no_sense_is_named(int exitCode, string said, params string[] arguments)
    {
        var result = await _cli.RunAsync(arguments);
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        Assert.Contains(said, result.Error);
    }
}
