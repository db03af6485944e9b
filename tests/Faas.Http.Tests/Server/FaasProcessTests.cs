using System.Diagnostics;
using Xunit;

namespace Faas.Http.Tests.Server;

/// <summary>The real program, as far as it comes without a sandbox.</summary>
public sealed class FaasProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faas-process-").FullName;

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
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "faas.dll")])
        {
            WorkingDirectory = _folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment[name] = value;
        using var faas = Process.Start(start)!;
        var (stdout, stderr) = (faas.StandardOutput.ReadToEndAsync(), faas.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await faas.WaitForExitAsync(patience.Token);
        Assert.Equal((78, "", line), (faas.ExitCode, await stdout, await stderr));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }
}
