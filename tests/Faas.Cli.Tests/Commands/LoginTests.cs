using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Faas.Client;

namespace Faas.Cli.Tests.Commands;

/// <summary><c>faas login</c>, <c>faas doctor</c>, and help.</summary>
[Collection(nameof(CliServer))]
public sealed class LoginTests(CliServer server) : IDisposable
{
    // Nothing of the environment says which server: what is remembered counts.
    private readonly CliProcess _cli = new(server: null, key: null);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_server_and_its_key_are_remembered_and_the_key_is_forgotten()
    {
        var login = await _cli.RunAsync($"{CliServer.Key}\n", ["login", $"{server.Address}"]);
        Assert.Equal(new CliResult(0, "", ""), login);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_cli.Config));
        Assert.Equal(0, (await _cli.RunAsync("key", "list")).ExitCode);
        var doctor = await _cli.RunAsync("doctor");
        Assert.Equal((0, ""), (doctor.ExitCode, doctor.Error));
        Assert.Contains("from the configuration; it may read, invoke, execute, write, admin\n", doctor.Out);

        Assert.Equal(0, (await _cli.RunAsync("logout")).ExitCode);

        var refused = await _cli.RunAsync("key", "list");
        Assert.Equal(77, refused.ExitCode);
        Assert.Contains("Log in with `faas login`", refused.Error);
        Assert.DoesNotContain(CliServer.Key, await File.ReadAllTextAsync(_cli.Config));
    }

    [Fact]
    public async Task A_key_that_is_typed_is_asked_for()
    {
        var login = await _cli.RunAtTerminalAsync($"{CliServer.Key}\n", "login", $"{server.Address}");
        Assert.Equal(0, login.ExitCode);
        Assert.Contains("is the server from now on", login.Out);
        Assert.Equal(0, (await _cli.RunAsync("key", "list")).ExitCode);
    }

    [Fact]
    public async Task An_unknown_key_is_not_remembered()
    {
        Assert.Equal(77, (await _cli.RunAsync("an-unknown-key-of-nobody", ["login", $"{server.Address}"])).ExitCode);
        Assert.False(File.Exists(_cli.Config));
    }

    [Fact]
    public async Task A_configuration_that_others_may_read_is_refused_and_the_doctor_says_how_to_mend_it()
    {
        _cli.Write("config/faas/config.json", "{}");
        File.SetUnixFileMode(_cli.Config, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var refused = await _cli.RunAsync("list");
        Assert.Equal((78, ""), (refused.ExitCode, refused.Out));
        Assert.Contains($"chmod 600 {_cli.Config}", refused.Error);
        var doctor = await _cli.RunAsync("doctor");
        Assert.Equal(1, doctor.ExitCode);
        Assert.StartsWith("WRONG  configuration  ", doctor.Out, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 {_cli.Config}", doctor.Out);
    }

    [Fact]
    public async Task The_doctor_finds_a_server_that_is_not_there_and_a_key_that_is_unknown()
    {
        var nowhere = await _cli.RunAsync("doctor", "--server", "http://127.0.0.1:1");
        Assert.Equal(1, nowhere.ExitCode);
        Assert.Contains("WRONG  reachable      http://127.0.0.1:1 cannot be reached: Connection refused.", nowhere.Out);
        var file = _cli.WriteKey("wrong.key", "an-unknown-key-of-nobody");
        var stranger = await _cli.RunAsync("doctor", "--server", $"{server.Address}", "--key-file", file);
        Assert.Contains("WRONG  key            The key from --key-file: The key is unknown.", stranger.Out);
        var none = await _cli.RunAsync("doctor", "--server", $"{server.Address}", "-o", "json");
        Assert.Contains("The server asks for a key", none.Out);
        Assert.Equal((1, "incomplete"), (none.ExitCode, JsonNode.Parse(none.Error)!["reason"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("application/json", "{}", "list")]
    [InlineData("application/json", "{\"scripts\": null}", "list")]
    [InlineData("text/html", "<html>", "show", "a")]
    [InlineData("text/event-stream", "data: {\"event\": \"result\"}\n\n", "call", "a", "--stream")]
    public async Task A_server_that_is_none_is_named(string type, string answer, params string[] arguments)
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var url = $"http://{stranger.LocalEndpoint}";
        var command = _cli.RunAsync([.. arguments, "--server", url]);
        using (var caller = await stranger.AcceptTcpClientAsync())
        {
            await caller.GetStream().ReadAtLeastAsync(new byte[1 << 16], 1);
            await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {answer.Length}\r\nConnection: close\r\n\r\n{answer}"));
            caller.Client.Shutdown(SocketShutdown.Send);
            await command;
        }

        var result = await command;
        Assert.Equal((65, ""), (result.ExitCode, result.Out));
        Assert.Contains($"{url}/", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("gave an answer that a Faas server does not give; is it one?\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_begins_is_told_what_to_do()
    {
        var help = await _cli.RunAsync();
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.Contains("faas run hello.py", help.Out, StringComparison.Ordinal);
        var keyless = await _cli.RunAsync("list", "--server", $"{server.Address}");
        Assert.Equal(
            $"faas: {server.Address.ToString().TrimEnd('/')} asks for a key. Log in with `faas login`, or give a key by FAAS_KEY or --key-file.\n",
            keyless.Error);
        var elsewhere = await _cli.RunAsync("list", "--server", $"{server.Address}nowhere");
        Assert.Contains("/nowhere the URL of the server itself?", elsewhere.Error, StringComparison.Ordinal);
        var encrypted = await _cli.RunAsync("list", "--server", $"https://{server.Address.Authority}");
        Assert.Contains("it does not speak TLS", encrypted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_tells_what_a_limited_key_may_do()
    {
        var made = await server.Client.Keys.CreateAsync(new NewKey("doctor", ["write", "invoke"]) { Paths = ["math"] });
        var doctor = await _cli.RunAsync("doctor", "--server", $"{server.Address}", "--key-file", _cli.WriteKey("key", made.Secret!));
        Assert.Contains("from --key-file; it may invoke, write\n", doctor.Out);
        await server.Client.Keys.DeleteAsync("doctor");
    }

    [Fact]
    public async Task Another_shell_is_refused() =>
        Assert.Equal("faas: SHELL is \"ksh\"; allowed is one of bash, zsh, fish.\n", (await _cli.RunAsync("completion", "ksh")).Error);

    [Fact]
    public async Task Help_has_an_example_and_the_version_is_that_of_the_build()
    {
        Assert.Contains("Examples:\n  faas run hello.py", (await _cli.RunAsync("run", "--help")).Out);
        Assert.Matches(@"^\d+\.\d+\.\d+", (await _cli.RunAsync("--version")).Out);
    }
}
