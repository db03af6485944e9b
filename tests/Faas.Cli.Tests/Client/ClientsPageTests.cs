using System.Diagnostics;
using System.Text.RegularExpressions;
using Faas.Client;

namespace Faas.Cli.Tests.Client;

/// <summary>The examples of docs/clients.md give what they promise.</summary>
[Collection(nameof(CliServer))]
public sealed partial class ClientsPageTests(CliServer server)
{
    private static readonly string s_node = Directory.GetDirectories(Repository.File("runtimes/node_modules"), "node-linux-*")
        .Select(folder => Path.Combine(folder, "bin", "node")).First();

    [Theory]
    [InlineData("sh", "{\"data\":8,\"type\":\"number\"}", 2)]
    [InlineData("python", "8\n", 2)]
    [InlineData("js", "8\n", 1)]
    public async Task Each_example_answers(string language, string answer, int count)
    {
        await server.Client.Scripts.UploadAsync(new Upload("clients/add", Languages.Python, "return event[\"a\"] + event[\"b\"]"));
        var examples = Example().Matches(await File.ReadAllTextAsync(Repository.File("docs/clients.md")))
            .Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["code"].Value).ToArray();
        Assert.Equal(count, examples.Length);
        foreach (var example in examples.Where(example => !example.Contains("/upload", StringComparison.Ordinal)))
        {
            var code = example.Replace("http://localhost:8080", server.Address.ToString().TrimEnd('/'), StringComparison.Ordinal);
            Assert.Equal(answer, await TypeAsync(language, code));
        }
    }

    private async Task<string> TypeAsync(string language, string code)
    {
        string[] command = language switch
        {
            "sh" => ["bash", "-c", code.Replace("curl ", "curl -sS ", StringComparison.Ordinal)],
            "python" => ["python3", "-c", code],
            _ => [s_node, "--input-type=module", "-e", code],
        };
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["FAAS_SERVER"], start.Environment["FAAS_KEY"]) = (server.Address.ToString().TrimEnd('/'), CliServer.Key);
        using var process = Process.Start(start)!;
        var result = await CliProcess.EndAsync(process, process.StandardOutput.ReadToEndAsync());
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Out;
    }

    [GeneratedRegex(@"```(?<language>\w+)\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
