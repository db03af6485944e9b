using System.Diagnostics;

namespace Faas.Sandbox.Tests.Mcp;

/// <summary>
/// A client of the Model Context Protocol that others have made, as a process (tests/mcp/package.json; `make test-tools` installs them). It
/// has a folder of its own for a home, so that no setting of this machine reaches it.
/// </summary>
internal static class ForeignClient
{
    private const string Folder = "tests/mcp";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs one to its end; how it ended, what it wrote, and what it wrote to stderr.</summary>
    /// <param name="name">Its command.</param>
    /// <param name="arguments">What it is asked.</param>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(string name, params string[] arguments) =>
        NodeAsync($"{Folder}/node_modules/.bin/{name}", arguments);

    /// <summary>Runs a program of tests/mcp that uses the protocol's own SDK, likewise.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="arguments">What it is asked.</param>
    public static Task<(int ExitCode, string Output, string Errors)> ScriptAsync(string file, params string[] arguments) =>
        NodeAsync($"{Folder}/{file}", arguments);

    private static async Task<(int ExitCode, string Output, string Errors)> NodeAsync(string program, string[] arguments)
    {
        var home = Directory.CreateTempSubdirectory("faas-mcp-client-");
        var start = new ProcessStartInfo(
            Repository.File("runtimes/node_modules/.bin/node"), [Repository.File(program), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = home.FullName,
        };
        start.Environment["HOME"] = home.FullName;
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var patience = new CancellationTokenSource(s_patience);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            home.Delete(recursive: true);
        }
    }
}
