using System.Diagnostics;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary><c>make install</c> into a folder; <c>make test-systemd</c> does it for real, with the user and systemd.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly string _root = TestFolder.Create("faas-install-");

    private readonly string _cli = Path.GetTempFileName();

    public void Dispose()
    {
        Directory.Delete(_root, true);
        File.Delete(_cli);
    }

    [Fact]
    public async Task The_installed_server_runs_scripts_of_each_runtime()
    {
        await MakeAsync("install");

        await using var server = await FaasServer.StartProgramAsync(At("opt/f/lib/faas/faas-server.dll"));

        Assert.Equal("1", (await server.RunNowAsync("python", "return 1")).Data);
        Assert.Equal("2", (await server.RunNowAsync("typescript", "const two: number = 2\nreturn two")).Data);
        await server.EndAsync();
    }

    [Fact]
    public async Task The_unit_names_what_was_installed_and_the_command_starts_it()
    {
        await MakeAsync("install");
        var unit = await File.ReadAllLinesAsync(At("opt/f/lib/systemd/system/faas.service"));

        Assert.Contains("ExecStart=/opt/f/bin/faas-server", unit);
        Assert.Contains("Environment=FAAS_CONFIG=/etc/faas/faas.conf", unit);
        Assert.DoesNotContain(unit, line => line.Contains("/usr/local", StringComparison.Ordinal) && !line.StartsWith('#'));
        Assert.EndsWith(" /opt/f/lib/faas/faas-server.dll \"$@\"\n", await File.ReadAllTextAsync(At("opt/f/bin/faas-server")), StringComparison.Ordinal);
        Assert.True(File.GetUnixFileMode(At("opt/f/bin/faas-server")).HasFlag(UnixFileMode.OtherExecute));
        Assert.True(File.GetUnixFileMode(At("opt/f/bin/faas")).HasFlag(UnixFileMode.OtherExecute));
        Assert.Equal("completion bash\n", await File.ReadAllTextAsync(At("opt/f/share/bash-completion/completions/faas")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("etc/faas/faas.env")));
    }

    [Fact]
    public async Task Settings_stay_when_it_is_installed_again_and_when_it_is_removed()
    {
        await MakeAsync("install");
        await File.WriteAllTextAsync(At("etc/faas/faas.conf"), "faas.http.port = 9000\n");

        await MakeAsync("install");
        await MakeAsync("uninstall");

        Assert.Equal("faas.http.port = 9000\n", await File.ReadAllTextAsync(At("etc/faas/faas.conf")));
        Assert.Equal(
            ["/etc/faas/faas.conf", "/etc/faas/faas.env"],
            Directory.GetFiles(_root, "*", SearchOption.AllDirectories).Select(file => file[_root.Length..]).Order());
    }

    private string At(string path) => Path.Combine(_root, path);

    private async Task MakeAsync(string target)
    {
        // The command line is built apart from these tests; what stands in for it says what it was asked.
        await File.WriteAllTextAsync(_cli, "#!/bin/sh\necho \"$@\"\n");
        File.SetUnixFileMode(_cli, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string[] arguments =
        [
            "--no-print-directory", "-C", Repository.File("."), target, $"DESTDIR={_root}", "PREFIX=/opt/f",
            $"published={AppContext.BaseDirectory}", $"cli={_cli}",
        ];
        using var make = Process.Start(new ProcessStartInfo("make", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = make.StandardError.ReadToEndAsync();
        await make.StandardOutput.ReadToEndAsync();
        await make.WaitForExitAsync();
        Assert.True(make.ExitCode == 0, await said);
    }
}
