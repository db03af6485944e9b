using System.Diagnostics;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Server;

/// <summary>The real program, as far as it comes without a sandbox.</summary>
public sealed class FaasProcessTests : IDisposable
{
    private readonly string _folder = TestFolder.Create("faas-process-");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(
        "HTTP_PORT",
        "eighty",
        "faas: faas.http.port = \"eighty\": allowed is a whole number from 0 to 65535. It comes from the environment variable HTTP_PORT.\n")]
    [InlineData("HTTP_HOST", "0.0.0.0", "faas: faas.http.host = \"0.0.0.0\": allowed is a loopback address (127.0.0.1, ::1, localhost) as long as there is no key; "
        + "set faas.http.api-keys (FAAS_API_KEYS), or faas.http.allow-anonymous = true to serve whoever reaches it. It comes from the environment variable HTTP_HOST.\n")]
    [InlineData(
        "FAAS_CONFIG",
        "/nowhere/faas.conf",
        "faas: FAAS_CONFIG = \"/nowhere/faas.conf\": Could not find a part of the path '/nowhere/faas.conf'.\n")]
    public async Task A_wrong_setting_stops_the_start_with_one_line_and_its_status(string name, string value, string line)
    {
        var (status, stdout, stderr) = await RunAsync([], (name, value));
        Assert.Equal((78, "", line), (status, stdout, stderr));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("--help", 0, "Usage: faas-server ")]
    [InlineData("--version", 0, "faas-server 0.")]
    [InlineData("--check-config", 0, "The settings are valid.")]
    [InlineData("--print-config", 0, "faas.log.format = \"text\"  # default\n")]
    public async Task It_says_what_is_asked_and_ends(string argument, int expected, string begin)
    {
        var (status, stdout, stderr) = await RunAsync([argument]);
        Assert.Equal((expected, ""), (status, stderr));
        Assert.StartsWith(begin, stdout, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task The_effective_settings_show_where_each_comes_from_and_no_secret()
    {
        var (_, stdout, _) = await RunAsync(
            ["--print-config"], ("HTTP_PORT", "9001"), ("REDIS_HOST", "redis"), ("REDIS_PASSWORD", "hunter2"), (
                "FAAS_API_KEYS", "ci:invoke:0123456789abcdef"));
        Assert.Contains("\nfaas.http.port = \"9001\"  # the environment variable HTTP_PORT\n", stdout, StringComparison.Ordinal);
        Assert.Contains("\nfaas.store.redis.password = \"(not shown)\"", stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_of_wrong_settings_ends_as_the_start_would()
    {
        var (status, stdout, stderr) = await RunAsync(["--check-config"], ("FAAS_POOL_RUNING", "4"));
        Assert.Equal(
            (78, "", "faas: the environment variable FAAS_POOL_RUNING: no such setting; did you mean FAAS_POOL_RUNNING?\n"),
            (status, stdout, stderr));
    }

    private async Task<(int Status, string Stdout, string Stderr)> RunAsync(
        string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [ServerProgram.File, .. arguments])
        {
            WorkingDirectory = _folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("FAAS_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var faas = Process.Start(start)!;
        var (stdout, stderr) = (faas.StandardOutput.ReadToEndAsync(), faas.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await faas.WaitForExitAsync(patience.Token);
        return (faas.ExitCode, await stdout, await stderr);
    }
}
