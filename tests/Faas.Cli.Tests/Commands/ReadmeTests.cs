using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Faas.Cli.Tests.Commands;

/// <summary>Types the README's lines for the command line.</summary>
[Collection(nameof(CliServer))]
public sealed partial class ReadmeTests(CliServer server) : IDisposable
{
    private const string Build = "make cli";
    private readonly CliProcess _cli = new(server.Address);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Every_line_for_the_command_line_does_what_it_says()
    {
        var readme = await File.ReadAllTextAsync(Repository.File("README.md"));
        var block = Shell().Matches(readme).Select(match => match.Groups[1].Value)
            .Single(text => text.Contains("faas run", StringComparison.Ordinal));
        var lines = block.Split('\n').Where(line => !line.StartsWith(Build, StringComparison.Ordinal));
        var program = string.Join(' ', _cli.Program.Select(word => $"'{word}'"));

        using var shell = Process.Start(new ProcessStartInfo("bash", ["-ec", $"faas() {{ {program} \"$@\"; }}\n{string.Join('\n', lines)}"])
        {
            WorkingDirectory = _cli.Folder,
            RedirectStandardOutput = true,
            Environment = { ["FAAS_SERVER"] = server.Address.ToString(), ["FAAS_KEY"] = CliServer.Key },
        })!;
        var said = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();

        Assert.Equal(0, shell.ExitCode);
        Assert.Equal(2, said.Split('\n').Count(line => line == "Hello, Ada"));
        Assert.Contains("stored", said, StringComparison.Ordinal);
    }

    [GeneratedRegex("```sh\n((?:(?!```).)*)\n```", RegexOptions.Singleline)]
    private static partial Regex Shell();
}
