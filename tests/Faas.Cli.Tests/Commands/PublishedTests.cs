using System.Text.Json;

namespace Faas.Cli.Tests.Commands;

/// <summary>
/// The program as <c>make cli</c> publishes it: perhaps native, where a part that was trimmed away would be missing. Where it has not been
/// published, the built one stands in for it.
/// </summary>
[Collection(nameof(CliServer))]
public sealed class PublishedTests(CliServer server) : IDisposable
{
    private static readonly string s_published = Repository.File("src/Faas.Cli/bin/Release/publish/faas");

    private readonly CliProcess _cli = File.Exists(s_published)
        ? new CliProcess(server.Address) { Program = [s_published] }
        : new CliProcess(server.Address);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task It_runs_stores_shows_and_watches()
    {
        _cli.Write("tree/published/one.py", "# faas: timeout = 5s\nprint('line')\nreturn {'one': 1}");
        Assert.Equal(new CliResult(0, "line\n{\"one\":1}\n", ""), await _cli.RunAsync("run", "tree/published/one.py"));
        Assert.Contains("published/one  stored", (await _cli.RunAsync("push", "tree")).Out);
        using var shown = JsonDocument.Parse((await _cli.RunAsync("show", "published/one", "-o", "json")).Out);
        Assert.Equal(5, shown.RootElement.GetProperty("latest").GetProperty("settings").GetProperty("timeout").GetInt32());
        Assert.Equal(77, (await _cli.RunAsync("list", "--key-file", _cli.Write("wrong", "an-unknown-key-of-nobody"))).ExitCode);
        using var process = _cli.Start("pool", "--watch");
        Assert.StartsWith("{\"event\":\"pool\"", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        Signals.Send(process.Id, 2);
        Assert.Equal(130, (await CliProcess.EndAsync(process, process.StandardOutput.ReadToEndAsync())).ExitCode);
    }
}
