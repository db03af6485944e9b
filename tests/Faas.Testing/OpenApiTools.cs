using System.Diagnostics;

namespace Faas.Testing;

/// <summary>
/// The programs of tests/openapi, which check the server's document and make a client of it. The runtimes' node runs them.
/// </summary>
public static class OpenApiTools
{
    private static readonly string s_folder = Repository.File("tests/openapi");

    /// <summary>Runs a program of the folder, and waits for its end.</summary>
    /// <param name="program">Its file below the folder.</param>
    /// <param name="arguments">What follows on its command line.</param>
    /// <returns>The exit status, and what it printed on both streams.</returns>
    public static async Task<(int Status, string Said)> RunAsync(string program, params string[] arguments)
    {
        var node = Directory.EnumerateDirectories(Repository.File("runtimes/node_modules"), "node-linux-*").Single();
        var start = new ProcessStartInfo(Path.Combine(node, "bin/node"), [Path.Combine(s_folder, program), .. arguments])
        {
            WorkingDirectory = s_folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["NO_COLOR"] = "1";
        using var running = Process.Start(start)!;
        var said = await Task.WhenAll(running.StandardOutput.ReadToEndAsync(), running.StandardError.ReadToEndAsync());
        await running.WaitForExitAsync();
        return (running.ExitCode, string.Concat(said));
    }
}
