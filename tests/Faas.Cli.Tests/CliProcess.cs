using System.Diagnostics;

namespace Faas.Cli.Tests;

/// <summary>
/// The command line as a process of its own, in a folder of its own, with a server. It is the program that FAAS_TEST_CLI names: make test
/// names the one that is shipped (tests/run.sh). Without it, it is the one that was built with the tests.
/// </summary>
internal sealed class CliProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(50);
    private static readonly string[] s_program = Environment.GetEnvironmentVariable("FAAS_TEST_CLI") is { Length: > 0 } shipped
        ? [shipped]
        : ["dotnet", Path.Combine(AppContext.BaseDirectory, "faas.dll")];
    private readonly Uri? _server;
    private readonly string? _key;

    public CliProcess(Uri? server, string? key = CliServer.Key) => (_server, _key) = (server, key);

    /// <summary>The working directory; the configuration is in it, too.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("faas-cli-").FullName;

    /// <summary>Where the configuration is.</summary>
    public string Config => Path.Combine(Folder, "config", "faas", "config.json");

    /// <summary>The program.</summary>
    public IReadOnlyList<string> Program { get; } = s_program;

    /// <summary>Further variables of its environment.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Writes a file into the folder.</summary>
    public string Write(string name, string text)
    {
        var file = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Writes a key into a file that is its owner's alone.</summary>
    public string WriteKey(string name, string key)
    {
        var file = Write(name, key);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    /// <summary>Runs a command to its end.</summary>
    public Task<CliResult> RunAsync(params string[] arguments) => RunAsync("", arguments);

    /// <summary>The same with something on stdin.</summary>
    public async Task<CliResult> RunAsync(string input, string[] arguments)
    {
        using var process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await EndAsync(process, process.StandardOutput.ReadToEndAsync());
    }

    /// <summary>Runs a line of bash, in which <c>$faas</c> is the program.</summary>
    public async Task<CliResult> RunInShellAsync(string line)
    {
        using var process = Start(["bash", "-c", $"faas='{string.Join(' ', Program)}'; {line}"], "dumb");
        process.StandardInput.Close();
        return await EndAsync(process, process.StandardOutput.ReadToEndAsync());
    }

    /// <summary>What a command writes to stdout, as bytes.</summary>
    public async Task<byte[]> BytesAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        return output.ToArray();
    }

    /// <summary>The end of a process that was started, and what it said.</summary>
    public static async Task<CliResult> EndAsync(Process process, Task<string> output)
    {
        var error = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience.Of(s_patience));
        await process.WaitForExitAsync(deadline.Token);
        return new CliResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a command at a terminal of 100 columns, as a person sees it; what is typed is given from the beginning.</summary>
    public async Task<CliResult> RunAtTerminalAsync(string typed, params string[] arguments)
    {
        using var process = StartAtTerminal(arguments);
        await process.StandardInput.WriteAsync(typed);
        await process.StandardInput.FlushAsync();
        return await EndAsync(process, process.StandardOutput.ReadToEndAsync());
    }

    /// <summary>Starts a command at such a terminal and does not wait.</summary>
    public Process StartAtTerminal(params string[] arguments)
    {
        var line = string.Join(' ', Program.Concat(arguments).Select(word => $"'{word}'"));
        return Start(["script", "-qec", $"stty cols 100 rows 40; {line}", "/dev/null"], "xterm-256color");
    }

    /// <summary>Starts a command and does not wait.</summary>
    public Process Start(params string[] arguments) => Start([.. Program, .. arguments], "dumb");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private OwnProcess Start(string[] command, string terminal)
    {
        // Where the tests run in the background of a shell, a command would inherit its ignored SIGINT.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", .. command])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("FAAS_", StringComparison.Ordinal) || name is "NO_COLOR" or "REDIS_PASSWORD").ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(Folder, "config");
        start.Environment["TERM"] = terminal;
        (start.Environment["FAAS_SERVER"], start.Environment["FAAS_KEY"]) = (_server?.ToString(), _key);
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        var process = new OwnProcess { StartInfo = start };
        process.Start();
        return process;
    }

    /// <summary>A process that ends with its test, also where the test has failed to end it.</summary>
    private sealed class OwnProcess : Process
    {
        protected override void Dispose(bool disposing)
        {
            if (disposing && !HasExited)
            {
                Kill(entireProcessTree: true);
            }

            base.Dispose(disposing);
        }
    }
}

/// <summary>What a command said.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Out">Its stdout.</param>
/// <param name="Error">Its stderr.</param>
internal sealed record CliResult(int ExitCode, string Out, string Error);
