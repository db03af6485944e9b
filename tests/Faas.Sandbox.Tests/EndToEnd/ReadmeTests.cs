using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Types the commands of pages and compares the answers with those that the pages print.</summary>
[Collection(nameof(SharedServer))]
public sealed partial class ReadmeTests(SharedServer shared)
{
    private const string PrintedVersion = "1739000000";

    [Theory]
    [InlineData("README.md", 3)]
    [InlineData("docs/calls.md", 6)]
    public async Task Every_command_of_a_page_gives_the_answer_that_the_page_prints(string page, int atLeast)
    {
        var pairs = CommandAndAnswer().Matches(await File.ReadAllTextAsync(Repository.File(page)));
        Assert.True(pairs.Count >= atLeast, $"only {pairs.Count} commands with answers found");

        var version = PrintedVersion;
        foreach (Match pair in pairs)
        {
            var command = pair.Groups["command"].Value.Replace("http://localhost:8080/", shared.Server.Address.ToString())
                .Replace(PrintedVersion, version);
            var answer = await TypeAsync(command);
            var printed = pair.Groups["answer"].Value.Trim();
            switch (pair.Groups["kind"].Value)
            {
                case "json":
                    using (var reply = JsonDocument.Parse(answer))
                    {
                        version = reply.RootElement.TryGetProperty("version", out var given) ? given.GetRawText() : version;
                    }

                    Assert.Equal(printed.Replace(PrintedVersion, version), answer.Trim());
                    break;
                case "sse":
                    Assert.Equal(Figure().Replace(printed, "$1"), Figure().Replace(answer.Trim(), "$1"));
                    break;
                default:
                    using (var problem = JsonDocument.Parse(answer))
                    using (var expected = JsonDocument.Parse(printed))
                    {
                        Assert.All(expected.RootElement.EnumerateObject(), member =>
                            Assert.Equal(member.Value.GetRawText(), problem.RootElement.GetProperty(member.Name).GetRawText()));
                    }

                    break;
            }
        }
    }

    private static async Task<string> TypeAsync(string command)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("bash", ["-c", command.Replace("curl ", "curl -sS ")]) { RedirectStandardOutput = true })!;
        var answer = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"exit {shell.ExitCode} of {command}");
        return answer;
    }

    /// <summary>What differs from run to run: a number of the last event's stats.</summary>
    [GeneratedRegex("""("(?:cpuSeconds|maxRssBytes|wallSeconds)":)\d+(?:\.\d+)?""")]
    private static partial Regex Figure();

    [GeneratedRegex(@"```sh\n(?<command>(?:(?!```).)*)\n```\s+```(?<kind>json|sse|problem)\n(?<answer>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex CommandAndAnswer();
}
